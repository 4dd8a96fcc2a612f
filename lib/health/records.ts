/** HealthEventRow is a rating change to record. */
export type HealthEventRow = {
  readonly at: Date
  readonly kind: string
  readonly subject: string
  readonly before: string
  readonly after: string
  readonly reason: string
}

/** Strike is evidence against a physical card or machine. */
export type Strike = {
  readonly gpuUuid: string | undefined
  readonly machineId: string
  readonly hostId: string
  readonly instanceId: string
  readonly kind: string
  readonly code: number | undefined
  readonly at: Date
  readonly detail: string
}
