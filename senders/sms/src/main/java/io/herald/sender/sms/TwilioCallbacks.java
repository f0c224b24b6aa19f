package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.sender.callback.CallbackRequest;
import io.herald.sender.callback.Callbacks;
import io.herald.sender.callback.RefusedCallbackException;
import java.net.URLDecoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads what Twilio calls back with: what became of messages, and what people reply. Keeps nothing, so repeats and
 * disorder do no harm: only endings are reported, each of which is true whenever it is heard. See
 * https://www.twilio.com/docs/messaging/guides/track-outbound-message-status and
 * https://www.twilio.com/docs/usage/security#validating-requests.
 */
final class TwilioCallbacks implements Callbacks {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Twilio's own words, of the whole message and in any case. */
    private static final Set<String> STOP =
            Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT");

    private static final Set<String> START = Set.of("START", "YES", "UNSTOP");

    private final TwilioCredentials credentials;
    private final NumberBook numbers;
    private final Clock clock;

    TwilioCallbacks(TwilioCredentials credentials, NumberBook numbers, Clock clock) {
        this.credentials = credentials;
        this.numbers = numbers;
        this.clock = clock;
    }

    @Override
    public List<SpecificRecord> handle(CallbackRequest request) throws RefusedCallbackException {
        Map<String, String> params = params(request);
        String signature =
                request.header("X-Twilio-Signature").orElseThrow(() -> RefusedCallbackException.forged("no signature"));
        // Twilio does not say whether the fragment that it keeps to itself is signed.
        List<String> urls = List.of(request.url(), request.url() + CallbackRef.REPEATED);
        if (credentials.validators().stream()
                .noneMatch(each -> urls.stream().anyMatch(url -> each.validate(url, params, signature)))) {
            throw RefusedCallbackException.forged("signed with another token, or for another URL");
        }
        Optional<CallbackRef> ref = CallbackRef.parse(request.query());
        return ref.isPresent() ? status(ref.get(), params) : reply(params);
    }

    private List<SpecificRecord> status(CallbackRef ref, Map<String, String> params) {
        String status = params.getOrDefault("MessageStatus", params.getOrDefault("SmsStatus", ""));
        int code = number(params.getOrDefault("ErrorCode", ""));
        return switch (status) {
            case "delivered" -> List.of(receipt(ref, Receipt.DELIVERED, status));
            case "undelivered", "failed" -> {
                List<SpecificRecord> reports = new ArrayList<>();
                reports.add(receipt(ref, Receipt.UNDELIVERED, code == 0 ? status : status + " " + code));
                if (code == TwilioErrors.OPTED_OUT) {
                    reports.add(address(ref.tenant(), ref.user(), ref.addressId(), AddressEvent.STOP, code));
                } else if (TwilioErrors.provesDead(code)) {
                    reports.add(address(ref.tenant(), ref.user(), ref.addressId(), AddressEvent.HARD_BOUNCE, code));
                }
                yield reports;
            }
            // accepted, queued, sending, sent: on its way, which "sent" may remain for ever.
            default -> List.of();
        };
    }

    private List<SpecificRecord> reply(Map<String, String> params) {
        Optional<AddressEvent> event = event(params);
        if (event.isEmpty()) {
            return List.of();
        }
        List<SpecificRecord> reports = new ArrayList<>();
        for (NumberBook.Owner owner : numbers.owners(params.getOrDefault("From", ""))) {
            reports.add(address(owner.tenant(), owner.user(), owner.addressId(), event.get(), 0));
        }
        return reports;
    }

    /** Twilio's own verdict wins, where it gives one: the words may be changed there. */
    private static Optional<AddressEvent> event(Map<String, String> params) {
        String type = params.get("OptOutType");
        String word =
                (type == null ? params.getOrDefault("Body", "") : type).strip().toUpperCase(Locale.ROOT);
        if (STOP.contains(word)) {
            return Optional.of(AddressEvent.STOP);
        }
        return START.contains(word) ? Optional.of(AddressEvent.START) : Optional.empty();
    }

    // Twilio does not say when it happened.
    private SpecificRecord receipt(CallbackRef ref, Receipt receipt, String detail) {
        return ReceiptReported.newBuilder()
                .setTenant(ref.tenant())
                .setUser(ref.user())
                .setNotificationId(ref.notificationId())
                .setDeliveryId(ref.deliveryId())
                .setRoute(Route.SMS)
                .setReceipt(receipt)
                .setDetail(detail)
                .setAt(clock.instant())
                .build();
    }

    private static SpecificRecord address(String tenant, String user, String addressId, AddressEvent event, int code) {
        return AddressReported.newBuilder()
                .setTenant(tenant)
                .setUser(user)
                .setKind(ContactKind.SMS)
                .setAddressId(addressId)
                .setEvent(event)
                .setDetail(code == 0 ? "reply" : Integer.toString(code))
                .build();
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Map<String, String> params(CallbackRequest request) throws RefusedCallbackException {
        if (!request.header("Content-Type").orElse("").startsWith(FORM)) {
            throw RefusedCallbackException.malformed("not a form");
        }
        Map<String, String> params = new HashMap<>();
        try {
            for (String pair : request.body().split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    params.put(
                            URLDecoder.decode(pair.substring(0, equals), UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                }
            }
        } catch (IllegalArgumentException malformed) {
            throw RefusedCallbackException.malformed("not a form");
        }
        return params;
    }
}
