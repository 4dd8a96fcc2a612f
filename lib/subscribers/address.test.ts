import { describe, expect, it } from 'vitest'
import { maskAddress, parseAddress, withoutAddresses } from './address'

describe('addresses', () => {
  it.each([
    ['Dana.Lee@Example.COM ', 'dana.lee@example.com'],
    ["o'brien+status@mail.example.co.uk", "o'brien+status@mail.example.co.uk"],
  ])('%s is kept as %s', (text, kept) => {
    expect(parseAddress(text)).toBe(kept)
  })

  it.each([
    'dana',
    'dana@',
    '@example.com',
    'dana@localhost',
    'dana@@example.com',
    'dana lee@example.com',
    'dana@exa_mple.com',
    '.dana@example.com',
    'da..na@example.com',
    'dana@example.com\r\nBcc: all@example.com',
    'dana@[127.0.0.1]',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.com`,
  ])('S-ADR-1 %j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('S-ADR-2 a masked address does not tell whose it is', () => {
    expect(maskAddress('dana.lee@example.com')).toBe('d•••@example.com')
  })

  it('S-ADR-3 what a mail server replies is kept without the address', () => {
    expect(withoutAddresses('550 5.1.1 <dana.lee@example.com>: Recipient address rejected')).toBe(
      '550 5.1.1 [address]: Recipient address rejected',
    )
  })
})
