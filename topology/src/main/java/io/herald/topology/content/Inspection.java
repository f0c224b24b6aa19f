package io.herald.topology.content;

import com.samskivert.mustache.Mustache;
import java.util.regex.Pattern;

/** Refuses what a template may not have. The library loads partials only when it renders, which would be too late. */
final class Inspection implements Mustache.Visitor {
    // Rendering goes down as deep as sections do; a stack that overflows would end the thread.
    private static final int MOST_SECTIONS = 200;

    // A section of a list inside of one of the same list takes the square of the time, and so on.
    private static final int MOST_LISTS = 2;
    private static final Pattern LIST = Pattern.compile("(.*\\.)?items");
    // Whatever is named otherwise is no value of any event, but a slip of the pen that would render as nothing.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String field;
    private int sections;
    private int lists;

    /**
     * Makes one for a part of a template.
     *
     * @param field which part it is, for the refusal
     */
    Inspection(String field) {
        this.field = field;
    }

    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new TemplateException(field, "has an unknown variable");
        }
    }

    @Override
    public boolean visitInclude(String name) {
        throw new TemplateException(field, "has a partial");
    }

    @Override
    public boolean visitParent(String name) {
        throw new TemplateException(field, "has a partial");
    }

    @Override
    public boolean visitBlock(String name) {
        throw new TemplateException(field, "has a block");
    }

    @Override
    public boolean visitSection(String name) {
        visitVariable(name);
        if (LIST.matcher(name).matches()) {
            lists++;
            if (lists > MOST_LISTS) {
                throw new TemplateException(field, "has more than " + MOST_LISTS + " sections of items");
            }
        }
        sections++;
        if (sections > MOST_SECTIONS) {
            throw new TemplateException(field, "has more than " + MOST_SECTIONS + " sections");
        }
        return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
        return visitSection(name);
    }
}
