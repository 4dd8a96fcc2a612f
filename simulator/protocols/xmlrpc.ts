import { XMLParser } from 'fast-xml-parser'

export type XmlValue = string | number | boolean | readonly XmlValue[] | { readonly [key: string]: XmlValue }
export type MethodCall = { readonly name: string; readonly args: readonly (string | number | boolean)[] }

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === 'param',
})

export function parseCall(body: string): MethodCall | undefined {
  let tree: unknown
  try {
    tree = parser.parse(body)
  } catch {
    return undefined
  }
  const call = field(tree, 'methodCall')
  const name = field(call, 'methodName')
  if (typeof name !== 'string') return undefined
  const params = field(field(call, 'params'), 'param')
  const list: readonly unknown[] = Array.isArray(params) ? params : []
  return { name: name.trim(), args: list.map((param) => scalarOf(field(param, 'value'))) }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, unknown>(Object.entries(value)).get(name)
}

function scalarOf(value: unknown): string | number | boolean {
  if (typeof value === 'string') return value
  const int = field(value, 'int') ?? field(value, 'i4')
  if (int !== undefined) return Number(int)
  const bool = field(value, 'boolean')
  if (bool !== undefined) return String(bool).trim() === '1'
  return String(field(value, 'string') ?? '')
}

export function responseXml(value: XmlValue): string {
  return `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${valueXml(value)}\n</param>\n</params>\n</methodResponse>\n`
}

export function faultXml(code: number, text: string): string {
  return `<?xml version='1.0'?>\n<methodResponse>\n<fault>\n${valueXml({ faultCode: code, faultString: text })}\n</fault>\n</methodResponse>\n`
}

function valueXml(value: XmlValue): string {
  if (typeof value === 'string') return `<value><string>${escapeXml(value)}</string></value>`
  if (typeof value === 'boolean') return `<value><boolean>${value ? 1 : 0}</boolean></value>`
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? `<value><int>${value}</int></value>`
      : `<value><double>${value}</double></value>`
  if (isList(value)) return `<value><array><data>\n${value.map(valueXml).join('\n')}\n</data></array></value>`
  const members = Object.entries(value).map(
    ([name, member]) => `<member>\n<name>${escapeXml(name)}</name>\n${valueXml(member)}\n</member>`,
  )
  return `<value><struct>\n${members.join('\n')}\n</struct></value>`
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value)
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
