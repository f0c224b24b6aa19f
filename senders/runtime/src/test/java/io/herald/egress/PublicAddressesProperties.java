package io.herald.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PublicAddressesProperties {
    /** What Java itself knows to be special is a part of what is refused. */
    @Property
    void nothingThatJavaCallsSpecialIsPublic(@ForAll @Size(4) byte[] v4, @ForAll @Size(16) byte[] v6)
            throws UnknownHostException {
        for (InetAddress address : new InetAddress[] {InetAddress.getByAddress(v4), InetAddress.getByAddress(v6)}) {
            boolean special = address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress();
            assertThat(special && PublicAddresses.isPublic(address))
                    .as("%s", address)
                    .isFalse();
        }
    }

    /** An IPv4 address is what it is, in each form that carries it. */
    @Property
    void aMappedAddressIsWhatItCarries(@ForAll @Size(4) byte[] v4, @ForAll @IntRange(max = 9) int zone)
            throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(v4, 0, mapped, 12, 4);

        assertThat(PublicAddresses.isPublic(Inet6Address.getByAddress(null, mapped, zone)))
                .isEqualTo(PublicAddresses.isPublic(InetAddress.getByAddress(v4)));
    }

    /** No gateway is asked to carry a packet to an IPv4 address, public or not. */
    @Property
    void noTunnelIsPublic(@ForAll @Size(4) byte[] v4, @ForAll @Size(10) byte[] rest) throws UnknownHostException {
        byte[] sixToFour = new byte[16];
        sixToFour[0] = 0x20;
        sixToFour[1] = 0x02;
        System.arraycopy(v4, 0, sixToFour, 2, 4);
        System.arraycopy(rest, 0, sixToFour, 6, 10);
        byte[] nat64 = new byte[16];
        nat64[1] = 0x64;
        nat64[2] = -1;
        nat64[3] = (byte) 0x9b;
        System.arraycopy(v4, 0, nat64, 12, 4);

        assertThat(PublicAddresses.isPublic(InetAddress.getByAddress(sixToFour)))
                .isFalse();
        assertThat(PublicAddresses.isPublic(InetAddress.getByAddress(nat64))).isFalse();
    }

    @Property
    void everyAddressOfAPrivateNetworkIsRefused(@ForAll int host, @ForAll @IntRange(max = 15) int sixteenth)
            throws UnknownHostException {
        byte a = (byte) (host >> 16);
        byte b = (byte) (host >> 8);
        byte c = (byte) host;
        byte[][] networks = {
            {10, a, b, c},
            {127, a, b, c},
            {0, a, b, c},
            {(byte) 172, (byte) (16 + sixteenth), b, c},
            {(byte) 192, (byte) 168, b, c},
            {(byte) 169, (byte) 254, b, c},
            {(byte) 100, (byte) (64 + (a & 63)), b, c},
            {(byte) (224 + sixteenth), a, b, c},
            {(byte) (240 + sixteenth), a, b, c}
        };
        for (byte[] network : networks) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByAddress(network)))
                    .as("%s", InetAddress.getByAddress(network))
                    .isFalse();
        }
    }
}
