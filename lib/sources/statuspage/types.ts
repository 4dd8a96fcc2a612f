import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'

/** PageFormat is which vendor's JSON the page speaks; `reachability` when it speaks none. */
export type PageFormat = 'statuspage' | 'betterstack' | 'instatus' | 'reachability'

/** PageIndicator is the vendor's own overall word. */
export type PageIndicator = 'none' | 'minor' | 'major' | 'critical' | 'maintenance'

/** PageIncident is an open incident; its texts are the vendor's and untrusted. */
export type PageIncident = {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly impact: string
  readonly updatedAt?: Date
}

/** PageLook is what the status page says; an unknown indicator is unknown with the raw word as detail. */
export type PageLook = {
  readonly indicator: Reading<PageIndicator>
  readonly description: string
  readonly incidents: readonly PageIncident[]
  readonly maintenances: readonly PageIncident[]
  readonly components: readonly { readonly name: string; readonly status: string }[]
  readonly machineReadable: boolean
  readonly pageUpdatedAt?: Date
}

/** PageConfig points at the page's root address. */
export type PageConfig = {
  readonly url: string
  readonly format: PageFormat
  /** sourceId is written into every reading; default `statuspage`. */
  readonly sourceId?: string
}

/** StatusPage reads one vendor's status page. */
export type StatusPage = {
  readonly look: (now: Date, options?: CallOptions) => Promise<Answer<PageLook>>
  readonly test: (now: Date) => Promise<TestVerdict>
}
