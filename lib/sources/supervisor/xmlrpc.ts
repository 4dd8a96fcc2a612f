import { XMLParser } from 'fast-xml-parser'
import { isShape } from '../parse'

/** XmlValue is a decoded XML-RPC value; supervisor sends texts, integers, booleans, lists and structs. */
export type XmlValue = string | number | boolean | readonly XmlValue[] | { readonly [name: string]: XmlValue }

/** XmlReply is a decoded response: a value, or a fault, which XML-RPC sends with HTTP 200. */
export type XmlReply =
  | { readonly kind: 'value'; readonly value: XmlValue }
  | { readonly kind: 'fault'; readonly code: number; readonly text: string }

const MAX_DEPTH = 20

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  isArray: (name) => name === 'param' || name === 'member',
})

/** XmlArgument is what supervisor's methods take. */
export type XmlArgument = string | number | boolean

/** encodeCall writes a call with its arguments in order; numbers must be integers. */
export function encodeCall(method: string, args: readonly XmlArgument[] = []): string {
  const params = args.map((arg) => `<param><value>${encodeValue(arg)}</value></param>`).join('')
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`
}

function encodeValue(arg: XmlArgument): string {
  if (typeof arg === 'boolean') return `<boolean>${arg ? 1 : 0}</boolean>`
  if (typeof arg === 'number') return `<int>${arg}</int>`
  const text = arg.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return `<string>${text}</string>`
}

/** decodeReply reads a response; undefined when it is no XML-RPC. */
export function decodeReply(xml: string): XmlReply | undefined {
  const root = parse(xml)
  if (!isShape(root) || !isShape(root.methodResponse)) return undefined
  const { fault, params } = root.methodResponse
  if (isShape(fault)) {
    const value = decodeValue(fault.value)
    if (!isShape(value)) return undefined
    return { kind: 'fault', code: Number(value.faultCode), text: String(value.faultString ?? '') }
  }
  const first: unknown = isShape(params) && Array.isArray(params.param) ? params.param[0] : undefined
  const value = isShape(first) ? decodeValue(first.value) : undefined
  return value === undefined ? undefined : { kind: 'value', value }
}

function parse(xml: string): unknown {
  try {
    return parser.parse(xml)
  } catch {
    return undefined
  }
}

function decodeValue(node: unknown, depth = 0): XmlValue | undefined {
  if (depth > MAX_DEPTH) return undefined
  if (typeof node === 'string') return node
  if (!isShape(node)) return undefined
  if ('string' in node) return typeof node.string === 'string' ? node.string : ''
  const whole = node.int ?? node.i4 ?? node.i8 ?? node.double
  if (whole !== undefined) return numberOf(whole)
  if ('boolean' in node) return String(node.boolean).trim() === '1'
  if ('array' in node) return listOf(node.array, depth)
  if ('struct' in node) return structOf(node.struct, depth)
  const text = node['#text']
  return typeof text === 'string' ? text : undefined
}

function numberOf(text: unknown): number | undefined {
  const number = Number(String(text).trim())
  return Number.isFinite(number) ? number : undefined
}

function listOf(node: unknown, depth: number): readonly XmlValue[] {
  const data = isShape(node) ? node.data : undefined
  const values: unknown = isShape(data) ? data.value : undefined
  if (values === undefined) return []
  return (Array.isArray(values) ? values : [values])
    .map((item: unknown) => decodeValue(item, depth + 1))
    .filter((item) => item !== undefined)
}

function structOf(node: unknown, depth: number): XmlValue {
  const members: unknown = isShape(node) ? node.member : undefined
  const entries: [string, XmlValue][] = []
  for (const member of Array.isArray(members) ? members : []) {
    if (!isShape(member) || typeof member.name !== 'string') continue
    const value = decodeValue(member.value, depth + 1)
    if (value !== undefined) entries.push([member.name.trim(), value])
  }
  return Object.fromEntries(entries)
}
