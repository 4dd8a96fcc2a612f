import type { Labels } from '../series/family'
import type { Grouping, Matching, Sample } from './types'

const SEPARATOR = '\u0001'

export function labelOf(
  sample: { readonly name?: string | undefined; readonly labels: Labels },
  label: string,
): string {
  return label === '__name__' ? (sample.name ?? '') : (sample.labels[label] ?? '')
}

export function joinLabels(sample: Sample, labels: readonly string[]): string {
  let key = ''
  for (const label of labels) key += labelOf(sample, label) + SEPARATOR
  return key
}

export function keyWithout(sample: Sample, dropped: readonly string[]): string {
  let key = ''
  for (const label of Object.keys(sample.labels).sort()) {
    if (!dropped.includes(label)) key += label + SEPARATOR + (sample.labels[label] ?? '') + SEPARATOR
  }
  return key
}

export function groupKey(sample: Sample, grouping: Grouping): string {
  return grouping.kind === 'by' ? joinLabels(sample, grouping.labels) : keyWithout(sample, grouping.labels)
}

export function groupIdentity(sample: Sample, grouping: Grouping): Pick<Sample, 'name' | 'labels'> {
  if (grouping.kind === 'without') return { labels: omit(sample.labels, grouping.labels) }
  const labels: Record<string, string> = {}
  let name: string | undefined
  for (const label of grouping.labels) {
    const value = labelOf(sample, label)
    if (value === '') continue
    if (label === '__name__') name = value
    else labels[label] = value
  }
  return { name, labels }
}

export function matchKey(sample: Sample, matching: Matching): string {
  return matching.kind === 'on' ? joinLabels(sample, matching.labels) : keyWithout(sample, matching.labels)
}

export function omit(labels: Labels, dropped: readonly string[]): Labels {
  if (dropped.length === 0) return labels
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !dropped.includes(label)))
}

export function pick(labels: Labels, kept: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => kept.includes(label)))
}
