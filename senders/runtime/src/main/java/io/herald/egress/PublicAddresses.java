package io.herald.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public internet from all others, by IANA's registries of special-purpose addresses (RFC 6890).
 *
 * <p>IPv4: all but what is listed here. IPv6: only global unicast (2000::/3), and of that nothing that is kept for a
 * purpose or that carries an IPv4 address to which a gateway would take the packets: 6to4, Teredo, ISATAP. An
 * IPv4-mapped address counts as the IPv4 address in it. NAT64 (64:ff9b::/96) is refused with all else outside of
 * 2000::/3.
 */
public final class PublicAddresses {
    private static final List<Block> NOT_PUBLIC = List.of(
            Block.of("0.0.0.0/8"), // this network
            Block.of("10.0.0.0/8"), // private
            Block.of("100.64.0.0/10"), // carrier-grade NAT; Alibaba's metadata
            Block.of("127.0.0.0/8"), // loopback
            Block.of("168.63.129.16/32"), // Azure's WireServer, inside its virtual networks
            Block.of("169.254.0.0/16"), // link-local; AWS', Azure's and Google's metadata
            Block.of("172.16.0.0/12"), // private
            Block.of("192.0.0.0/24"), // protocol assignments; Oracle's metadata
            Block.of("192.0.2.0/24"), // documentation
            Block.of("192.88.99.0/24"), // 6to4 relays
            Block.of("192.168.0.0/16"), // private
            Block.of("198.18.0.0/15"), // benchmarks
            Block.of("198.51.100.0/24"), // documentation
            Block.of("203.0.113.0/24"), // documentation
            Block.of("224.0.0.0/4"), // multicast
            Block.of("240.0.0.0/4"), // reserved; broadcast
            Block.of("2001::/23"), // protocol assignments; Teredo, benchmarks, ORCHID
            Block.of("2001:db8::/32"), // documentation
            Block.of("2002::/16"), // 6to4
            Block.of("3fff::/20")); // documentation

    private static final Block GLOBAL_UNICAST = Block.of("2000::/3");
    private static final int V4_BYTES = 4;
    private static final int MAPPED_AT = 12;
    private static final int ISATAP_AT = 8;

    private PublicAddresses() {}

    /** Returns whether everybody on the internet means the same host by {@code address}. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        if (bytes.length > V4_BYTES && (!GLOBAL_UNICAST.contains(bytes) || isatap(bytes))) {
            return false;
        }
        return NOT_PUBLIC.stream().noneMatch(block -> block.contains(bytes));
    }

    /** Returns whether {@code address} is this host. */
    static boolean isLoopback(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        return bytes.length == V4_BYTES ? bytes[0] == 127 : address.isLoopbackAddress();
    }

    /** Java does the same for most IPv4-mapped addresses, but not for those that come with a zone. */
    private static byte[] unmapped(byte[] bytes) {
        if (bytes.length == V4_BYTES) {
            return bytes;
        }
        for (int i = 0; i < MAPPED_AT - 2; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        boolean mapped = bytes[MAPPED_AT - 2] == -1 && bytes[MAPPED_AT - 1] == -1;
        return mapped ? Arrays.copyOfRange(bytes, MAPPED_AT, bytes.length) : bytes;
    }

    /** RFC 5214 §6.1: an interface id of 0000:5efe or 0200:5efe, then an IPv4 address. */
    private static boolean isatap(byte[] bytes) {
        return (bytes[ISATAP_AT] & ~0x02) == 0
                && bytes[ISATAP_AT + 1] == 0
                && bytes[ISATAP_AT + 2] == 0x5e
                && bytes[ISATAP_AT + 3] == (byte) 0xfe;
    }

    private record Block(InetAddress first, int bits) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            try {
                return new Block(
                        InetAddress.getByName(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException notLiteral) {
                throw new IllegalArgumentException(notLiteral);
            }
        }

        boolean contains(byte[] address) {
            byte[] prefix = first.getAddress();
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            int mask = (0xff << (8 - bits % 8)) & 0xff;
            return Arrays.equals(address, 0, whole, prefix, 0, whole)
                    && (mask == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0);
        }
    }
}
