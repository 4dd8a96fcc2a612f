import type { PromColumn } from './types'

const HEAD = /^\{"status":"success","data":\{"resultType":"vector","result":\[/

/**
 * scanColumn reads the compact answer to an instant query whose series keep exactly one label, without an object per
 * series: 10,000 of them would be garbage by the time they are filed. Undefined for every other text, which JSON.parse
 * may then read; sample texts such as `NaN` become NaN or infinities, as Number has it. `known` are keys in the order in which
 * they are likely to come: the same strings are given back for them.
 */
export function scanColumn(
  text: string,
  label: string,
  known: readonly string[] = [],
): PromColumn | undefined {
  const head = HEAD.exec(text)
  if (!head) return undefined
  const before = `{"metric":{"${label}":"`
  const between = '"},"value":['
  const keys: string[] = []
  const numbers: number[] = []
  let at = head[0].length
  if (text[at] === ']') return { keys, numbers }
  for (;;) {
    if (!text.startsWith(before, at)) return undefined
    const key = at + before.length
    const expected = known[keys.length]
    const isExpected = expected !== undefined && isAt(text, expected, key)
    const keyEnd = isExpected ? key + expected.length : text.indexOf('"', key)
    if (!text.startsWith(between, keyEnd)) return undefined
    const number = text.indexOf(',"', keyEnd + between.length) + 2
    const numberEnd = text.indexOf('"', number)
    if (number < keyEnd || !text.startsWith('"]}', numberEnd)) return undefined
    const name = isExpected ? expected : text.slice(key, keyEnd)
    if (!isExpected && name.includes('\\')) return undefined
    keys.push(name)
    numbers.push(Number(text.slice(number, numberEnd)))
    at = numberEnd + 4
    if (text[at - 1] === ']') return { keys, numbers }
    if (text[at - 1] !== ',') return undefined
  }
}

function isAt(text: string, name: string, at: number): boolean {
  return text.startsWith(name, at) && text[at + name.length] === '"'
}

/** columnOf gives the same from parsed series; those without the label are left out. */
export function columnOf(
  vector: readonly {
    readonly metric: Readonly<Record<string, string>>
    readonly value: readonly [number, string]
  }[],
  label: string,
): PromColumn {
  const named = vector.filter(({ metric }) => metric[label] !== undefined)
  return {
    keys: named.map(({ metric }) => metric[label] ?? ''),
    numbers: named.map(({ value }) => Number(value[1])),
  }
}
