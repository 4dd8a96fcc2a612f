const MAX_LENGTH = 254
const ADDRESS =
  /^[^\s@<>(),;:\\"[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i
const IN_TEXT = /<?[^\s@<>"']{1,64}@[^\s@<>"',;]{1,255}>?/g

/** parseAddress gives a mail address in the form in which it is kept, lower case; undefined when it can't be one. */
export function parseAddress(text: string): string | undefined {
  const address = text.trim().toLowerCase()
  if (address.length > MAX_LENGTH || !ADDRESS.test(address)) return undefined
  const [local = ''] = address.split('@')
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined
  return address
}

/** maskAddress shows an address to people who may know that it exists, not whose it is: `d•••@example.com`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? '•••' : `${address.slice(0, 1)}•••${address.slice(at)}`
}

/** withoutAddresses takes everything that looks like a mail address out of a text, e.g. out of what a mail server replied. */
export function withoutAddresses(text: string): string {
  return text.replace(IN_TEXT, '[address]')
}
