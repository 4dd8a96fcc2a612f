import { describe, expect, test } from 'vitest'
import { blocksOf, lint } from './lint'
import { LINT_RULES, levelOf, type RuleId } from './lint-rules'
import { lintInput } from './testing/examples'
import { RULE_CASES } from './testing/rule-cases'

describe('each rule finds what it must and lets the rest pass', () => {
  test.each(RULE_CASES)('%s %s: %s', (rule, isFound, _says, changes) => {
    const input = lintInput(changes)
    const hits = lint(input).filter((it) => it.rule === rule)
    expect(hits.length > 0).toBe(isFound)
    for (const { from, to, why } of hits) {
      expect(why).not.toBe('')
      expect(0 <= from && from <= to && to <= input.message.body.length).toBe(true)
    }
  })

  test('every rule has a case on both sides', () => {
    for (const rule of Object.keys(LINT_RULES)) {
      const cases = RULE_CASES.filter(([id]) => id === rule)
      expect([rule, cases.some(([, isFound]) => isFound), cases.some(([, isFound]) => !isFound)]).toEqual([
        rule,
        true,
        true,
      ])
    }
  })
})

describe('what a finding says', () => {
  test('the good update has none', () => {
    expect(lint(lintInput())).toEqual([])
  })

  test('offsets are those of the draft, before its facts are filled in', () => {
    const body = '{{started_at}} some jobs fail. Call gpu-eu-07. Next update by {{next_update}}.'
    const [hit] = lint(lintInput({ body })).filter(({ rule }) => rule === 'X03')
    expect(body.slice(hit?.from, hit?.to)).toBe('gpu-eu-07')
    expect(hit?.fix).toBe('one of our servers')
  })

  test('what is wrong inside a fact points at its chip', () => {
    const body = 'Some jobs fail. {{workaround}}. Next update by {{next_update}}.'
    const [hit] = lint(lintInput({ body, facts: { workaround: 'Ask Dana Lee' } })).filter(
      ({ rule }) => rule === 'X05',
    )
    expect(body.slice(hit?.from, hit?.to)).toBe('{{workaround}}')
  })

  test('a limit is told with the number of characters', () => {
    const title = 'a'.repeat(260)
    expect(lint(lintInput({ message: { title } })).map(({ why }) => why)).toContain(
      'Too long for Statuspage title: 260 characters, 5 more than the 255 that fit.',
    )
  })

  test('a second person lets pass what may be overridden, and never a secret', () => {
    const findings = lint(lintInput({ body: 'Some jobs fail on 10.2.3.4, AKIAIOSFODNN7EXAMPLE.' }))
    const left = blocksOf(findings, ['X01', 'X02']).map(({ rule }) => rule)
    expect(left).toContain('X01')
    expect(left).not.toContain('X02')
  })

  test('a fix, put where its finding is, takes the finding away', () => {
    let tried = 0
    for (const [, , says, changes] of RULE_CASES) {
      const input = lintInput(changes)
      for (const { rule, from, to, fix } of lint(input)) {
        if (fix === null || from === to) continue
        tried += 1
        const body = input.message.body.slice(0, from) + fix + input.message.body.slice(to)
        const left = lint({ ...input, message: { ...input.message, body } })
        const before = lint(input).filter((it) => it.rule === rule).length
        expect([says, rule, left.filter((it) => it.rule === rule).length < before]).toEqual([
          says,
          rule,
          true,
        ])
      }
    }
    expect(tried).toBeGreaterThan(20)
  })

  test('only a block may be overridden', () => {
    for (const { level, isOverridable } of RULE_CASES.flatMap(([, , , changes]) => lint(lintInput(changes))))
      expect(isOverridable && level !== 'block').toBe(false)
  })

  test.each<[RuleId, string, string, string]>([
    ['X02', 'block', 'null', 'null'],
    ['X01', 'block', 'block', 'block'],
    ['X08', 'block', 'block', 'block'],
    ['L07', 'block', 'warn', 'hint'],
    ['S21', 'null', 'null', 'block'],
  ])('%s weighs %s for customers, %s for executives, %s inside', (rule, pub, executive, internal) => {
    expect(
      [levelOf(rule, 'public'), levelOf(rule, 'executive'), levelOf(rule, 'internal')].map(String),
    ).toEqual([pub, executive, internal])
  })
})
