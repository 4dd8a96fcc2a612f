import { expect, test } from 'vitest'
import { failureOfStatus } from './http-failure'

const now = new Date('2026-11-18T02:29:41Z')

test.each([
  [
    'an HTML error page',
    503,
    '<html>\r\n<head><title>503</title></head></html>',
    'answered with a web page (HTTP 503)',
  ],
  [
    'a page with a doctype and a comment',
    502,
    '<!-- x -->\n<!DOCTYPE html><p>',
    'answered with a web page (HTTP 502)',
  ],
  ['plain text', 500, 'out of memory', 'HTTP 500: out of memory'],
  ['JSON', 429, '{"error":"slow down"}', 'HTTP 429: {"error":"slow down"}'],
  ['nothing', 504, '', 'HTTP 504'],
])('%s is told in words, never as markup', (_name, status, body, detail) => {
  expect(failureOfStatus({ status, headers: {}, body, now }).detail).toBe(detail)
})
