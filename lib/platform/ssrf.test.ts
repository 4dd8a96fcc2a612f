import { describe, expect, it } from 'vitest'
import { type AddressRule, checkAddress, checkTarget, parseTarget, ruleFor } from './ssrf'

function judge(url: string, rules: readonly AddressRule[] = [], resolved: readonly string[] = []): boolean {
  const target = parseTarget(url)
  if ('reason' in target || !checkTarget(target, rules).ok) return false
  return resolved.every((address) => checkAddress(address, target, rules).ok)
}

describe('without a rule', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://127.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0x7f.0x0.0x0.0x1/',
    'http://017700000001/',
    'http://0177.0.0.01/',
    'http://0177.1/',
    'http://127.000.000.001/',
    'http://0/',
    'http://0.0.0.0/',
    'http://0x0/',
    'http://[::]/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[0000::0001]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456:789a::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://10.0.0.1/',
    'http://10.255.255.255/',
    'http://167772161/',
    'http://0x0a000001/',
    'http://012.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.254/',
    'http://192.168.0.1/',
    'http://192.168.257/',
    'http://0xc0a80001/',
    'http://100.64.0.1/',
    'http://100.127.255.254/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://169.254.169.254/',
    'http://169.254.1.1/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://192.0.0.192/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://198.51.100.1/',
    'http://203.0.113.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://１２７.０.０.１/',
    'http://⑫7.0.0.1/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://127.0.0.1./',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'http://metadata/',
    'http://instance-data.ec2.internal/',
    'http://user@example.com/',
    'http://user:secret@example.com/',
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1#@example.com/',
    'http://127.0.0.1\\@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'data:text/plain,hello',
    'javascript:alert(1)',
    'http://example.com:22/',
    'http://example.com:6379/',
    'http://example.com:5432/',
    'http://93.184.216.34:9200/',
    'http:///',
    '//example.com/',
    'example.com',
    '',
    'http://[::1',
    'http://exa mple.com/',
  ])('%s is refused', (url) => {
    expect(judge(url)).toBe(false)
  })

  it.each([
    'http://example.com/',
    'https://example.com/',
    'https://example.com:8443/path?query#part',
    'http://93.184.216.34/',
    'https://1.1.1.1/',
    'http://[2606:4700:4700::1111]/',
    'https://xn--bcher-kva.example/',
  ])('%s may be called', (url) => {
    expect(judge(url)).toBe(true)
  })
})

describe('a name that resolves', () => {
  it.each([
    [['93.184.216.34'], true],
    [['93.184.216.34', '2606:4700:4700::1111'], true],
    [['93.184.216.34', '10.0.0.1'], false],
    [['127.0.0.1'], false],
    [['::1'], false],
    [['::ffff:10.0.0.1'], false],
    [['169.254.169.254'], false],
    [['fe80::1'], false],
    [['0.0.0.0'], false],
    [['not an address'], false],
  ])('to %j is allowed: %s', (addresses, expected) => {
    expect(judge('https://service.example/', [], addresses)).toBe(expected)
  })
})

describe('a rule', () => {
  it.each<[string, AddressRule[], string, string[], boolean]>([
    [
      'opens its host and port',
      [{ host: 'prometheus.internal', port: 9090 }],
      'http://prometheus.internal:9090/',
      ['10.1.2.3'],
      true,
    ],
    [
      'does not open another port',
      [{ host: 'prometheus.internal', port: 9090 }],
      'http://prometheus.internal:9091/',
      ['10.1.2.3'],
      false,
    ],
    [
      'does not open another host',
      [{ host: 'prometheus.internal', port: 9090 }],
      'http://other.internal:9090/',
      ['10.1.2.3'],
      false,
    ],
    [
      'does not open a longer name',
      [{ host: 'internal' }],
      'http://prometheus.internal/',
      ['10.1.2.3'],
      false,
    ],
    [
      'ignores case and a final dot',
      [{ host: 'Prometheus.Internal' }],
      'http://PROMETHEUS.internal.:9090/',
      ['10.1.2.3'],
      true,
    ],
    ['opens a range', [{ cidr: '10.0.0.0/8' }], 'http://10.1.2.3:9090/', [], true],
    [
      'opens a range for names as well',
      [{ cidr: '10.0.0.0/8', port: 9090 }],
      'http://any.internal:9090/',
      ['10.1.2.3'],
      true,
    ],
    ['of a range does not open its neighbour', [{ cidr: '10.0.0.0/8' }], 'http://11.1.2.3:9090/', [], false],
    [
      'of a range on one port leaves the others shut',
      [{ cidr: '10.0.0.0/8', port: 9090 }],
      'http://10.1.2.3/',
      [],
      false,
    ],
    [
      'of a range judges every address of a name',
      [{ cidr: '10.0.0.0/8' }],
      'http://any.internal/',
      ['10.1.2.3', '192.168.0.1'],
      false,
    ],
    ['opens loopback', [{ cidr: '127.0.0.0/8' }], 'http://127.0.0.1:4170/', [], true],
    [
      'for IPv4 covers its mapped IPv6 form',
      [{ cidr: '127.0.0.0/8' }],
      'http://[::ffff:127.0.0.1]/',
      [],
      true,
    ],
    ['opens a unique local address', [{ cidr: 'fd00::/8' }], 'http://[fd12::1]:9090/', [], true],
    ['never opens link-local', [{ cidr: '169.254.0.0/16' }], 'http://169.254.1.1/', [], false],
    [
      'never opens the metadata address',
      [{ cidr: '0.0.0.0/0' }, { host: '169.254.169.254' }],
      'http://169.254.169.254/',
      [],
      false,
    ],
    ['never opens the IPv6 metadata address', [{ cidr: 'fd00::/8' }], 'http://[fd00:ec2::254]/', [], false],
    [
      'never opens a metadata name',
      [{ host: 'metadata.google.internal' }],
      'http://metadata.google.internal/',
      ['10.0.0.1'],
      false,
    ],
    [
      'never opens a name rebound to link-local',
      [{ host: 'health.internal' }],
      'http://health.internal/',
      ['169.254.169.254'],
      false,
    ],
    ['never opens the unspecified address', [{ cidr: '0.0.0.0/0' }], 'http://0.0.0.0/', [], false],
    ['never opens a multicast address', [{ cidr: '224.0.0.0/4' }], 'http://224.0.0.1/', [], false],
    ['never opens an address behind NAT64', [{ cidr: '::/0' }], 'http://[64:ff9b::7f00:1]/', [], false],
    ['that is no CIDR opens nothing', [{ cidr: 'everything' }], 'http://10.0.0.1/', [], false],
    [
      'never opens credentials in the address',
      [{ host: 'a.internal' }],
      'http://user:pass@a.internal/',
      ['10.0.0.1'],
      false,
    ],
  ])('%s', (_name, rules, url, addresses, expected) => {
    expect(judge(url, rules, addresses)).toBe(expected)
  })

  it('made from a configured address opens exactly its host and port', () => {
    expect(ruleFor('https://Prometheus.internal/prom')).toEqual({ host: 'prometheus.internal', port: 443 })
    expect(ruleFor('http://[::1]:9090/')).toEqual({ host: '::1', port: 9090 })
    expect(() => ruleFor('ftp://x/')).toThrow('Only http and https')
  })
})
