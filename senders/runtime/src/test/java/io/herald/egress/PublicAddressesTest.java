package io.herald.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicAddressesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            # address,                                 public, reason
            8.8.8.8,                                   true,   public
            1.1.1.1,                                   true,   public
            9.255.255.255,                             true,   the last before 10/8
            11.0.0.0,                                  true,   the first after 10/8
            100.63.255.255,                            true,   the last before carrier-grade NAT
            100.128.0.0,                               true,   the first after carrier-grade NAT
            172.15.255.255,                            true,   the last before 172.16/12
            172.32.0.0,                                true,   the first after 172.16/12
            192.0.1.0,                                 true,   between protocol assignments and documentation
            198.17.255.255,                            true,   the last before benchmarks
            198.20.0.0,                                true,   the first after benchmarks
            223.255.255.255,                           true,   the last before multicast
            2606:4700::1111,                           true,   public
            2001:200::1,                               true,   the first after protocol assignments
            2a00:1450:4001:800::200e,                  true,   public
            0.0.0.0,                                   false,  this host
            0.1.2.3,                                   false,  this network
            10.1.2.3,                                  false,  private
            100.64.0.1,                                false,  carrier-grade NAT
            100.100.100.200,                           false,  Alibaba's metadata
            127.0.0.1,                                 false,  loopback
            127.255.255.254,                           false,  loopback to its end
            168.63.129.16,                             false,  Azure's WireServer
            169.254.169.254,                           false,  metadata of most clouds
            172.16.0.1,                                false,  private
            172.31.255.255,                            false,  private to its end
            192.0.0.192,                               false,  Oracle's metadata
            192.0.2.1,                                 false,  documentation
            192.88.99.1,                               false,  6to4 relay
            192.168.1.1,                               false,  private
            198.18.0.1,                                false,  benchmarks
            198.19.255.255,                            false,  benchmarks to their end
            198.51.100.7,                              false,  documentation
            203.0.113.7,                               false,  documentation
            224.0.0.1,                                 false,  multicast
            240.0.0.1,                                 false,  reserved
            255.255.255.255,                           false,  broadcast
            127.1,                                     false,  loopback in short
            2130706433,                                false,  loopback as one number
            ::,                                        false,  this host
            ::1,                                       false,  loopback
            ::ffff:10.0.0.1,                           false,  private and IPv4-mapped
            ::ffff:8.8.8.8,                            true,   public and IPv4-mapped
            ::ffff:0:8.8.8.8,                          false,  IPv4-translated
            ::8.8.8.8,                                 false,  IPv4-compatible and long dead
            64:ff9b::808:808,                          false,  NAT64
            64:ff9b:1::1,                              false,  NAT64 of one's own
            100::1,                                    false,  discard
            2001::1,                                   false,  Teredo
            2001:2::1,                                 false,  benchmarks
            2001:20::1,                                false,  ORCHID
            2001:db8::1,                               false,  documentation
            2002:808:808::1,                           false,  6to4
            2002:a00:1::1,                             false,  6to4 to a private network
            3fff::1,                                   false,  documentation
            2606:4700::5efe:10.0.0.1,                  false,  ISATAP
            2606:4700::200:5efe:10.0.0.1,              false,  ISATAP of a global address
            5f00::1,                                   false,  SRv6
            fc00::1,                                   false,  unique local
            fd00:ec2::254,                             false,  metadata of AWS
            fe80::1,                                   false,  link-local
            fec0::1,                                   false,  site-local
            ff02::1,                                   false,  multicast
            """)
    void tellsPublicAddresses(String address, boolean isPublic, String reason) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                .as(reason)
                .isEqualTo(isPublic);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.9.9.9, true", "::1, true", "10.0.0.1, false", "8.8.8.8, false", "::, false"})
    void tellsLoopback(String address, boolean loopback) throws UnknownHostException {
        assertThat(PublicAddresses.isLoopback(InetAddress.getByName(address))).isEqualTo(loopback);
    }
}
