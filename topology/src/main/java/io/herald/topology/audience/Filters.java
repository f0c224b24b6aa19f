package io.herald.topology.audience;

import io.herald.schema.AttributeFilter;
import io.herald.schema.Pair;
import io.herald.schema.Profile;
import java.util.List;

/** Whether a user is among those whom a broadcast asks for. */
public final class Filters {
    private Filters() {}

    /**
     * Returns whether every filter finds its attribute with one of its values; none at all match everyone. A user
     * without the attribute has none of its values.
     */
    public static boolean match(Profile profile, List<AttributeFilter> filters) {
        for (AttributeFilter filter : filters) {
            if (!matches(profile, filter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Profile profile, AttributeFilter filter) {
        for (Pair attribute : profile.getAttributes()) {
            if (attribute.getName().equals(filter.getName())) {
                return filter.getValues().contains(attribute.getValue());
            }
        }
        return false;
    }
}
