package io.herald.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of one run: a table for people, and the same flat for machines. */
final class Report {
    private static final MathContext DIGITS = new MathContext(4);

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<String> table = new ArrayList<>();

    /** Notes a figure that is not in the table. */
    void note(String key, Object value) {
        figures.put(key, value instanceof Double number ? rounded(number) : value);
    }

    /** Adds a figure to the table. */
    void row(String key, String label, Object value, String remark) {
        note(key, value);
        line("  %-44s %12s  %s".formatted(label, text(value), remark));
    }

    /** Adds a line to the table alone. */
    void line(String text) {
        table.add(text.stripTrailing());
    }

    void print(PrintStream out) {
        table.forEach(out::println);
    }

    void write(Path file) throws IOException {
        Files.writeString(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(figures) + "\n");
    }

    private static Object rounded(double number) {
        return Double.isFinite(number) ? new BigDecimal(number).round(DIGITS) : null;
    }

    private static String text(Object value) {
        if (value instanceof Double number) {
            return number >= 1_000
                    ? String.format(Locale.ROOT, "%,.0f", number)
                    : String.format(Locale.ROOT, number >= 10 ? "%.1f" : "%.2f", number);
        }
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%,d", number.longValue())
                : String.valueOf(value);
    }
}
