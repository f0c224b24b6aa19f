package io.herald.topology.router;

import io.herald.schema.CollapseMark;
import io.herald.schema.DeliveryState;
import io.herald.schema.OpenNotification;
import io.herald.schema.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets a notification take the place of an earlier one: what of that waits ends, and its inbox item is put away. */
final class Replacing {
    private static final int MOST_MARKS = 100;

    private Replacing() {}

    /** Ends what is left of earlier notifications with the same collapse key. */
    static void earlier(String collapse, String notificationId, Draft draft) {
        for (OpenNotification open : draft.open().asList()) {
            if (collapse.equals(open.getCollapse()) && !open.getNotificationId().equals(notificationId)) {
                stop(open, Reason.REPLACED, draft);
            }
        }
        for (CollapseMark mark : draft.collapsed()) {
            if (mark.getCollapse().equals(collapse)) {
                InboxWrites.putAway(mark.getSeq(), draft);
            }
        }
        draft.collapsed().removeIf(mark -> mark.getCollapse().equals(collapse));
    }

    /** Notes where in the inbox a notification is that a later one may replace. */
    static void mark(Optional<String> collapse, Long seq, Draft draft) {
        if (collapse.isEmpty() || seq == null) {
            return;
        }
        List<CollapseMark> marks = draft.collapsed();
        marks.removeIf(mark -> mark.getCollapse().equals(collapse.get()));
        marks.add(new CollapseMark(collapse.get(), seq));
        while (marks.size() > MOST_MARKS) {
            marks.remove(0);
        }
    }

    /** Ends what of a notification waits, and sees to it that what is out is not sent once more. */
    static void stop(OpenNotification open, Reason reason, Draft draft) {
        Verdicts verdicts = Verdicts.again(open, draft);
        verdicts.stop(reason);
        verdicts.cancel(new ArrayList<>(open.getLegs()), DeliveryState.CANCELLED, reason);
        verdicts.write();
    }
}
