import { describe, expect, it } from 'vitest'
import { askedOf } from './command-text'

describe('what is typed after /inc', () => {
  it.each([
    ['declare P2 Training jobs stop', { kind: 'declare', severity: 'P2', title: 'Training jobs stop' }],
    ['declare sev1 Down &amp; out', { kind: 'declare', severity: 'P1', title: 'Down & out' }],
    ['declare', { kind: 'help', why: 'Say how bad it is first: P1, P2, P3 or P4.' }],
    ['declare P1', { kind: 'help', why: 'Say what is wrong and where after the severity.' }],
    ['update', { kind: 'update', incident: undefined, audience: 'internal', text: '' }],
    ['update public', { kind: 'update', incident: undefined, audience: 'public', text: '' }],
    [
      'update inc-0042 Public  We are on it.',
      { kind: 'update', incident: 'INC-0042', audience: 'public', text: 'We are on it.' },
    ],
    [
      'update still on it',
      { kind: 'update', incident: undefined, audience: 'internal', text: 'still on it' },
    ],
    ['status', { kind: 'status', incident: undefined }],
    ['STATUS DRILL-7', { kind: 'status', incident: 'DRILL-7' }],
    ['note INC-1 a &lt;b&gt;', { kind: 'note', incident: 'INC-1', text: 'a <b>' }],
    ['note', { kind: 'help', why: 'Write the note after the word note.' }],
    ['ack', { kind: 'ack', incident: undefined }],
    ['', { kind: 'help', why: undefined }],
    ['frobnicate now', { kind: 'help', why: 'There is no command frobnicate.' }],
  ])('%j is understood', (text, expected) => {
    expect(askedOf(text)).toEqual(expected)
  })
})
