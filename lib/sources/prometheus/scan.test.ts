import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnOf, scanColumn } from './scan'

const at = 1_790_000_000.123

function answerOf(series: readonly (readonly [string, string])[], more = ''): string {
  const result = series.map(([UUID, value]) => ({ metric: { UUID }, value: [at, value] }))
  return `{"status":"success","data":{"resultType":"vector","result":${JSON.stringify(result)}}${more}}`
}

function parsed(text: string): ReturnType<typeof columnOf> {
  return columnOf(JSON.parse(text).data.result, 'UUID')
}

describe('a column scanned from an answer', () => {
  it('is what JSON.parse reads, whatever the labels and samples', () => {
    const sample = fc.oneof(
      fc.double().map(String),
      fc.integer().map(String),
      fc.constantFrom('NaN', '+Inf', '0'),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), sample)), (series) => {
        const text = answerOf(series)
        const scanned = scanColumn(text, 'UUID')
        if (series.every(([uuid]) => JSON.stringify(uuid) === `"${uuid}"`))
          expect(scanned).toEqual(parsed(text))
        else expect(scanned).toBeUndefined()
      }),
    )
  })

  it('is the same whatever keys are expected, in the right order or not', () => {
    const names = fc.array(fc.constantFrom('GPU-1', 'GPU-12', 'GPU-2', ''), { maxLength: 6 })
    fc.assert(
      fc.property(names, names, (came, known) => {
        const text = answerOf(came.map((name) => [name, '1']))
        expect(scanColumn(text, 'UUID', known)).toEqual(parsed(text))
      }),
    )
  })

  it('is the same with warnings behind the result, and empty without series', () => {
    expect(scanColumn(answerOf([['GPU-1', '42']], ',"warnings":["slow"]'), 'UUID')).toEqual({
      keys: ['GPU-1'],
      numbers: [42],
    })
    expect(scanColumn(answerOf([]), 'UUID')).toEqual({ keys: [], numbers: [] })
  })

  it.each([
    ['an error', '{"status":"error","errorType":"timeout","error":"query timed out"}'],
    ['a web page', '<html>502 Bad Gateway</html>'],
    [
      'an answer cut off',
      answerOf([
        ['GPU-1', '42'],
        ['GPU-2', '43'],
      ]).slice(0, 120),
    ],
    ['another label', answerOf([['GPU-1', '42']]).replace('UUID', 'gpu')],
    ['a second label', answerOf([['GPU-1', '42']]).replace('"GPU-1"', '"GPU-1","gpu":"0"')],
    ['no label', answerOf([['GPU-1', '42']]).replace('"UUID":"GPU-1"', '')],
    ['a histogram', answerOf([['GPU-1', '42']]).replace('"value"', '"histogram"')],
    ['spaces between', JSON.stringify(JSON.parse(answerOf([['GPU-1', '42']])), null, 1)],
  ])('is left to the parser for %s', (_what, text) => {
    expect(scanColumn(text, 'UUID')).toBeUndefined()
  })
})
