package io.herald.topology.content;

import com.samskivert.mustache.Mustache;

/** Refuses what a template may not have. The library loads partials only when it renders, which would be too late. */
final class Inspection implements Mustache.Visitor {
    // Rendering goes down as deep as sections do; a stack that overflows would end the thread.
    private static final int MOST_SECTIONS = 200;

    private final String field;
    private int sections;

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
    public void visitVariable(String name) {}

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
