package io.herald.topology.content;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
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
    private static final Pattern BREAKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
    private static final Mustache.Compiler PLAIN =
            Mustache.compiler().withCollector(new MapsOnly()).defaultValue("").escapeHTML(false);
    // Escapes where values become text, not where tags are read: three braces would get around that.
    private static final Mustache.Compiler HTML =
            PLAIN.withFormatter(value -> Escapers.HTML.escape(String.valueOf(value)));

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
     * @throws ContentTooLargeException if a part grows beyond any use
     */
    public Content render(Map<String, String> values) {
        return new Content(
                Shortening.toCodePoints(
                        BREAKS.matcher(run(title, values, MOST_RENDERED))
                                .replaceAll(" ")
                                .strip(),
                        200),
                Shortening.toCodePoints(run(body, values, MOST_RENDERED), bodyLimit()),
                html == null ? null : run(html, values, MOST_HTML));
    }

    private int bodyLimit() {
        return switch (channel) {
            case INBOX -> 2_000;
            case PUSH, SMS -> 1_000;
            case EMAIL, WEBHOOK -> 65_536;
        };
    }

    private static String run(com.samskivert.mustache.Template template, Map<String, String> values, int most) {
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

    /** Looks names up in maps; JMustache's own collector would call methods of whatever it is given. */
    private static final class MapsOnly extends BasicCollector {
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
