package io.herald.topology.content;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The templates in force, compiled. An object over the {@code control} store, rebuilt whenever the task starts. */
public final class Templates {
    private static final String FALLBACK = "en";

    private final Map<String, Map<Channel, NavigableMap<String, Template>>> byCategory = new HashMap<>();

    /** Takes a template in, or out where it has neither title nor body. */
    public void change(TemplateChanged change) {
        NavigableMap<String, Template> byLocale = byCategory
                .computeIfAbsent(
                        category(change.getTenant(), change.getCategory()), key -> new EnumMap<>(Channel.class))
                .computeIfAbsent(change.getChannel(), key -> new TreeMap<>());
        if (change.getTitle() == null) {
            byLocale.remove(change.getLocale());
        } else {
            byLocale.put(change.getLocale(), Template.compile(change));
        }
    }

    /** Returns the channels that a category has any template for, in the order of the enum. */
    public List<Channel> channels(String tenant, String category) {
        List<Channel> channels = new ArrayList<>();
        byCategory.getOrDefault(category(tenant, category), Map.of()).forEach((channel, byLocale) -> {
            if (!byLocale.isEmpty()) {
                channels.add(channel);
            }
        });
        return channels;
    }

    /**
     * Returns the template for {@code locale}: of the tag itself, else of what is left as its subtags go one by one
     * (zh-Hant-TW, zh-Hant, zh: the lookup of RFC 4647), else the English one, else the first by its tag. Empty only if
     * the category has none for the channel.
     *
     * @param locale a BCP 47 tag; null if the user never gave one
     */
    public Optional<Template> find(String tenant, String category, Channel channel, String locale) {
        NavigableMap<String, Template> byLocale = byCategory
                .getOrDefault(category(tenant, category), Map.of())
                .getOrDefault(channel, Collections.emptyNavigableMap());
        for (String tag = locale; tag != null; tag = shorter(tag)) {
            Template template = byLocale.get(tag);
            if (template != null) {
                return Optional.of(template);
            }
        }
        Template english = byLocale.get(FALLBACK);
        if (english != null) {
            return Optional.of(english);
        }
        return byLocale.isEmpty()
                ? Optional.empty()
                : Optional.of(byLocale.firstEntry().getValue());
    }

    private static String shorter(String tag) {
        int end = tag.lastIndexOf('-');
        // A subtag of one character only says what kind those after it are.
        if (end >= 2 && tag.charAt(end - 2) == '-') {
            end -= 2;
        }
        return end <= 0 ? null : tag.substring(0, end);
    }

    private static String category(String tenant, String category) {
        return tenant + "/" + category;
    }
}
