package io.herald.topology.content;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The templates in force, compiled. An object over the {@code control} store, rebuilt whenever the task starts. */
public final class Templates {
    private static final String FALLBACK = "en";

    private final Map<String, Map<Channel, Map<String, Template>>> byCategory = new HashMap<>();

    /** Takes a template in, or out where it has neither title nor body. */
    public void change(TemplateChanged change) {
        Map<String, Template> byLocale = byCategory
                .computeIfAbsent(
                        category(change.getTenant(), change.getCategory()), key -> new EnumMap<>(Channel.class))
                .computeIfAbsent(change.getChannel(), key -> new HashMap<>());
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

    /** Returns the template for {@code locale}: of the tag itself, else of its language, else the English one. */
    public Optional<Template> find(String tenant, String category, Channel channel, String locale) {
        Map<String, Template> byLocale =
                byCategory.getOrDefault(category(tenant, category), Map.of()).getOrDefault(channel, Map.of());
        Template exact = byLocale.get(locale);
        if (exact == null && locale != null) {
            exact = byLocale.get(Locale.forLanguageTag(locale).getLanguage());
        }
        return Optional.ofNullable(exact == null ? byLocale.get(FALLBACK) : exact);
    }

    private static String category(String tenant, String category) {
        return tenant + "/" + category;
    }
}
