import { describe, expect, it } from 'vitest'
import {
  handlingOf,
  isKeptPage,
  isRestricted,
  KEPT_LIMIT,
  KEPT_MAX_AGE_MS,
  mayShow,
  overLimit,
  personIn,
} from './rules'

const ORIGIN = 'https://watch.example'
const T0 = Date.UTC(2026, 10, 18)
const ANA = '5b0f8f0e-0000-4000-8000-00000000000a'
const LI = '5b0f8f0e-0000-4000-8000-00000000000b'

describe('what the service worker answers', () => {
  it.each([
    ['GET', 'navigate', '/incidents/INC-0001', 'page'],
    ['GET', 'navigate', '/fleet', 'page'],
    ['GET', 'navigate', '/sign-in?return=%2F', 'gate'],
    ['GET', 'navigate', '/session-ended', 'gate'],
    ['POST', 'navigate', '/api/auth/signout', 'leave'],
    ['GET', 'navigate', '/api/queries/health.exportFleet', 'pass'],
    ['GET', 'cors', '/_next/static/chunks/a.js', 'asset'],
    ['GET', 'cors', '/api/queries/incidents.byId?input=%7B%7D', 'query'],
    ['GET', 'cors', '/api/queries/health.snapshot', 'pass'],
    ['GET', 'cors', '/api/queries/audit.entries', 'pass'],
    ['GET', 'cors', '/api/live', 'pass'],
    ['POST', 'cors', '/api/commands/incidents.addNote', 'pass'],
    ['GET', 'cors', '/incidents?_rsc=1', 'pass'],
    ['GET', 'cors', 'https://elsewhere.example/_next/static/a.js', 'pass'],
  ])('%s %s %s is handled as %s', (method, mode, path, handling) => {
    expect(handlingOf({ method, mode, url: new URL(path, ORIGIN), origin: ORIGIN })).toBe(handling)
  })

  it.each([
    ['/incidents', true],
    ['/incidents/INC-0142', true],
    ['/incidents/INC-0142/print', false],
    ['/postmortems/PM-0012/edit', true],
    ['/postmortems/PM-0012', false],
    ['/settings/people', false],
    ['/', false],
  ])('%s is kept: %s', (pathname, isKept) => {
    expect(isKeptPage(pathname)).toBe(isKept)
  })

  it('a page belongs to whom the server made it for, and a page that names nobody is kept for nobody', () => {
    expect(personIn(`<body><div data-person="${ANA}" class="x">`)).toBe(ANA)
    expect(personIn('<body><div class="x">data-person="me"</div>')).toBeUndefined()
    expect(personIn(`<p>data-person="${LI}"</p>`)).toBeUndefined()
  })

  it.each([
    ['its owner', ANA, 0, true],
    ['another person', LI, 0, false],
    ['nobody', undefined, 0, false],
    ['its owner after the longest session', ANA, KEPT_MAX_AGE_MS + 1, false],
  ])('what is kept is shown to %s: %s', (_who, owner, ageMs, isShown) => {
    expect(mayShow({ person: ANA, atMs: T0 }, owner, T0 + ageMs)).toBe(isShown)
  })

  it.each([
    ['an answer about one', JSON.stringify({ id: 'x', visibility: 'restricted' }), true],
    [
      'a list with one in it',
      JSON.stringify({ incidents: [{ visibility: 'internal' }, { visibility: 'restricted' }] }),
      true,
    ],
    ['a part of its record', JSON.stringify({ entries: [], isRestricted: true }), true],
    [
      'a page that carries it',
      `<script>x(${JSON.stringify(JSON.stringify({ visibility: 'restricted' }))})</script>`,
      true,
    ],
    ['an open one', JSON.stringify({ visibility: 'internal', isRestricted: false }), false],
    ['a note about the word', JSON.stringify({ text: 'visibility: restricted' }), false],
  ])('%s is of a restricted incident, so it is never kept: %#', (_what, body, expected) => {
    expect(isRestricted(body)).toBe(expected)
  })

  it('the oldest go when there are too many', () => {
    const ages = Array.from({ length: KEPT_LIMIT + 2 }, (_, index) => T0 + index)
    ages[7] = 0
    expect(overLimit(ages)).toEqual([7, 0])
    expect(overLimit(ages.slice(0, KEPT_LIMIT))).toEqual([])
  })
})
