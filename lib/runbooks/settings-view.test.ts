import { expect, test } from 'vitest'
import { DEFAULT_HEALTH_POLICY } from '../health/policy'
import { settingRows } from './settings-view'

test('R-READ-04 a policy is shown setting by setting with units, what the file leaves to its default included', () => {
  const rows = settingRows(DEFAULT_HEALTH_POLICY)
  expect(rows.find(({ key }) => key === 'gpu.marginWarnC')).toEqual({
    section: 'gpu',
    key: 'gpu.marginWarnC',
    name: 'margin warn',
    value: `${DEFAULT_HEALTH_POLICY.gpu.marginWarnC} °C`,
  })
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
})

test('R-READ-04 what a file lists at its top are its sections, by id, and nothing empty is shown', () => {
  const value = {
    title: 'Ours',
    rules: [
      { id: 'one.rule', withinSeconds: 30, hint: '', tags: [], steps: ['a', 'b'], isOn: true },
      { id: 'two.rule', nested: { limitPercent: 5 } },
    ],
  }
  expect(settingRows(value).map(({ section, name, value: shown }) => [section, name, shown])).toEqual([
    ['', 'title', 'Ours'],
    ['one.rule', 'within', '30 s'],
    ['one.rule', 'tags', 'none'],
    ['one.rule', 'steps', 'a, b'],
    ['one.rule', 'is on', 'yes'],
    ['two.rule', 'nested · limit', '5 %'],
  ])
})
