import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { loopbackCertificate } from './certificate'

test('the certificate signs itself, names the loopback and belongs to its key', () => {
  const { cert, key } = loopbackCertificate()
  const read = new X509Certificate(cert)
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.ca).toBe(true)
  expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(read.checkHost('localhost')).toBe('localhost')
  expect(read.checkHost('example.com')).toBeUndefined()
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/)
})
