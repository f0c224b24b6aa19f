package io.herald.topology.content;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A compiled text for one category, channel and locale. Thread-safe.
 *
 * <p>Mustache without lambdas, partials or reflection: a template reaches the values of the event and nothing else.
 * What is missing renders as nothing. Values are escaped in HTML, always, and only there; the title is one line.
 */
public final class Template {
    private static final int MOST_RENDERED = 256 * 1024;
    private static final int MOST_HTML = 128 * 1024;
    private static final int MOST_TITLE = 200;
    /** Of APNs and of FCM, for the JSON of a push. */
    private static final int MOST_PAYLOAD_BYTES = 4_096;
    /** Ids, seq, tag, sound, and the names of all. */
    private static final int AROUND_IT_BYTES = 500;

    private static final int MOST_TITLE_BYTES = 400;
    private static final int MOST_BODY_BYTES = 2_000;

    /** Ten segments of UCS-2: more is refused on the way, and each is paid for. */
    private static final int MOST_SMS = 670;
    /** With title, link and the JSON around them within the 28 KB of Teams, the least of the chats. */
    private static final int MOST_WEBHOOK = 4_000;

    private static final Pattern BREAKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
    private static final Mustache.Compiler PLAIN = Mustache.compiler()
            .withCollector(new MapsOnly())
            .withFormatter(Template::text)
            .zeroIsFalse(true)
            .defaultValue("")
            .escapeHTML(false);
    // Escapes where values become text, not where tags are read: three braces would get around that.
    private static final Mustache.Compiler HTML = PLAIN.withFormatter(value -> Escapers.HTML.escape(text(value)));

    private final Channel channel;
    private final com.samskivert.mustache.Template title;
    private final com.samskivert.mustache.Template body;
    private final com.samskivert.mustache.Template html;

    private Template(
            Channel channel,
            com.samskivert.mustache.Template title,
            com.samskivert.mustache.Template body,
            com.samskivert.mustache.Template html) {
        this.channel = channel;
        this.title = title;
        this.body = body;
        this.html = html;
    }

    /**
     * Compiles a template that has a title and a body.
     *
     * @throws TemplateException naming the part that does not compile
     */
    public static Template compile(TemplateChanged change) {
        if (change.getTitle() == null) {
            return new Template(change.getChannel(), null, null, null);
        }
        return new Template(
                change.getChannel(),
                compile(PLAIN, "title", change.getTitle()),
                compile(PLAIN, "body", change.getBody()),
                change.getHtml() == null ? null : compile(HTML, "html", change.getHtml()));
    }

    /**
     * Renders with {@code values}, shortened to what the channel takes.
     *
     * @param values texts, and maps and lists of them, as {@link Values} makes them
     * @throws ContentTooLargeException if a part grows beyond any use
     */
    public Content render(Map<String, ?> values) {
        return render(values, null);
    }

    /**
     * Renders with {@code values}, shortened to what the channel takes beside a deep link: what is pushed goes into one
     * small payload together.
     *
     * @param link what is delivered with the content; null if there is none
     * @throws ContentTooLargeException if a part grows beyond any use
     */
    public Content render(Map<String, ?> values, String link) {
        String line = Shortening.toCodePoints(line(values), MOST_TITLE);
        String text = Shortening.toCodePoints(run(body, values, MOST_RENDERED), bodyLimit());
        if (channel == Channel.PUSH) {
            line = Shortening.toJsonBytes(line, MOST_TITLE_BYTES);
            int left = MOST_PAYLOAD_BYTES - AROUND_IT_BYTES - Shortening.jsonBytes(line) - jsonBytes(link);
            text = Shortening.toJsonBytes(text, Math.min(left, MOST_BODY_BYTES));
        }
        return new Content(line, text, html == null ? null : run(html, values, MOST_HTML));
    }

    /**
     * Checks that nothing is cut off where there is nothing but the template's own text: it would be cut off every
     * time, and whoever wrote it would not know.
     *
     * @throws TemplateException naming the part that is too long
     */
    public void checkFits() {
        if (title == null) {
            return;
        }
        Content content = render(Map.of());
        if (!content.title().equals(line(Map.of()))) {
            throw new TemplateException("title", "is longer than " + channel + " takes, without any values");
        }
        if (!content.body().equals(run(body, Map.of(), MOST_RENDERED))) {
            throw new TemplateException("body", "is longer than " + channel + " takes, without any values");
        }
    }

    private String line(Map<String, ?> values) {
        String text = run(title, values, MOST_RENDERED).strip();
        return isOneLine(text) ? text : BREAKS.matcher(text).replaceAll(" ").strip();
    }

    // Most are: to look costs a tenth of what the pattern does.
    private static boolean isOneLine(String text) {
        char before = 0;
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            boolean printed = character > ' ' && character != 0x85 && character != 0x2028 && character != 0x2029;
            if (!printed && (character != ' ' || before == ' ')) {
                return false;
            }
            before = character;
        }
        return true;
    }

    private static int jsonBytes(String link) {
        return link == null ? 0 : Shortening.jsonBytes(link);
    }

    private int bodyLimit() {
        return switch (channel) {
            case INBOX -> 2_000;
            case PUSH -> 1_000;
            case SMS -> MOST_SMS;
            case EMAIL -> 65_536;
            case WEBHOOK -> MOST_WEBHOOK;
        };
    }

    // What has parts is no text: its own words for itself would tell how it was made.
    private static String text(Object value) {
        return value instanceof Map || value instanceof List ? "" : String.valueOf(value);
    }

    private static String run(com.samskivert.mustache.Template template, Map<String, ?> values, int most) {
        BoundedWriter out = new BoundedWriter(most);
        template.execute(values, out);
        return out.toString();
    }

    private static com.samskivert.mustache.Template compile(Mustache.Compiler compiler, String field, String text) {
        com.samskivert.mustache.Template template;
        try {
            template = compiler.compile(text);
        } catch (RuntimeException broken) {
            // Some broken templates end in exceptions of the library, others in those of its string handling.
            throw new TemplateException(field, "is not a valid template");
        }
        template.visit(new Inspection(field));
        return template;
    }

    /**
     * Looks names up in maps, and goes through lists; JMustache's own collector would call methods of whatever it is
     * given.
     */
    private static final class MapsOnly extends BasicCollector {
        @Override
        public Iterator<?> toIterator(Object value) {
            return value instanceof List ? ((List<?>) value).iterator() : null;
        }

        @Override
        public Mustache.VariableFetcher createFetcher(Object context, String name) {
            if (!(context instanceof Map)) {
                return null;
            }
            return (map, key) -> {
                Object value = ((Map<?, ?>) map).get(key);
                return value == null ? com.samskivert.mustache.Template.NO_FETCHER_FOUND : value;
            };
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }
}
