import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'

/** VastInstance is one rented instance as the provider lists it; secrets and scripts are never carried, only their names. */
export type VastInstance = {
  readonly id: string
  readonly machineId: string
  readonly hostId: string
  readonly label: string
  readonly region: string
  readonly gpuModel: string
  readonly gpuCount: number
  readonly image: string
  readonly actual: Reading<string>
  readonly intended: Reading<string>
  readonly allocation: Reading<string>
  readonly statusText: string
  readonly dollarsPerHour: Reading<number>
  readonly storageDollarsPerHour: Reading<number>
  readonly interruptible: boolean
  readonly startedAt?: Date
  readonly endsAt?: Date
  readonly diskUsedShare: Reading<number>
  readonly gpuUtilPercent: Reading<number>
  readonly gpuTempC: Reading<number>
  readonly vramUsedMib: Reading<number>
  readonly vramTotalMib: Reading<number>
  readonly memoryUsedGib: Reading<number>
  readonly memoryLimitGib: Reading<number>
  readonly cpuPercent: Reading<number>
  /** cpuCores is our share of the host's cores. */
  readonly cpuCores?: number
  readonly reliabilityPercent: Reading<number>
  readonly verification: Reading<string>
  /** probe is unknown here: the provider's list can't say whether we reach the instance. */
  readonly probe: Reading<boolean>
  readonly publicAddress: string
  readonly sshHost: string
  readonly sshPort?: number
  readonly ports: readonly VastPort[]
  readonly envNames: readonly string[]
  readonly driverVersion?: string
  readonly observedAt: Date
}

/** VastPort is a forwarded port: inside the container and on the public address. */
export type VastPort = { readonly containerPort: string; readonly hostPort: number }

/** VastPage is one page of the listing; `found` counts this page, `total` the whole set as the provider sees it. */
export type VastPage = {
  readonly instances: readonly VastInstance[]
  readonly nextToken: string | null
  readonly found: number
  readonly total: number | undefined
  /** unreadable counts list entries without a usable id. */
  readonly unreadable: number
}

/** VastCredit is the account's prepaid money; `balanceDollars` is a different field and only secondary. */
export type VastCredit = {
  readonly creditDollars: Reading<number>
  readonly balanceDollars: Reading<number>
  readonly totalSpendDollars: Reading<number>
  readonly canPay: Reading<boolean>
}

/** VastConfig points the adapter at one account; `apiKey` travels in the Authorization header only. */
export type VastConfig = {
  readonly baseUrl: string
  readonly apiKey: string
  /** sourceId is written into every reading; default `vast`. */
  readonly sourceId?: string
}

/** Vast reads one Vast.ai account. */
export type Vast = {
  readonly page: (
    query: { readonly afterToken: string | null; readonly limit?: number },
    options?: CallOptions,
  ) => Promise<Answer<VastPage>>
  /** instance looks at one id directly; `null` means that the provider does not know it (any more). */
  readonly instance: (id: string, options?: CallOptions) => Promise<Answer<VastInstance | null>>
  readonly credit: (options?: CallOptions) => Promise<Answer<VastCredit>>
  readonly test: () => Promise<TestVerdict>
}
