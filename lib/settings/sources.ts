import { z } from 'zod'

const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })
const interval = z.number().int().min(500, 'at least 500 ms').max(3_600_000)

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

const vastSchema = z.strictObject({ apiUrl: address, pageIntervalMs: interval.default(1_100) })
const prometheusSchema = z.strictObject({
  url: address,
  intervalMs: interval.default(15_000),
  dcgmIntervalMs: interval.default(15_000),
  instanceLabel: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a Prometheus label name')
    .optional(),
})
const alertmanagerSchema = z.strictObject({
  url: address,
  receiver: z
    .string()
    .min(1)
    .max(500)
    .refine(isPattern, 'must be a regular expression of receiver names')
    .optional(),
})
const temporalSchema = z.strictObject({
  address: z.string().regex(/^[\w.-]+:\d+$/, 'must be host:port'),
  namespace: z.string().min(1).default('default'),
  intervalMs: interval.default(15_000),
  queues: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        type: z.enum(['activity', 'workflow']).default('activity'),
      }),
    )
    .max(500)
    .default([]),
})
const statuspageSchema = z.strictObject({
  url: address,
  format: z.enum(['statuspage', 'betterstack', 'instatus', 'reachability']).default('statuspage'),
  intervalMs: interval.default(60_000),
})
const servicesSchema = z.strictObject({
  intervalMs: interval.default(15_000),
  services: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
        name: z.string().min(1).max(80),
        kind: z.enum(['integration', 'app', 'llama', 'whisper', 'minio', 'vllm', 'http']),
        url: address,
      }),
    )
    .max(200),
})

const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'lower-case letters, digits, hyphens and dots')

function isCertificate(text: string): boolean {
  return /-----BEGIN CERTIFICATE-----/.test(text) || /^LS0tLS1CRUdJTi[A-Za-z0-9+/=]+$/.test(text)
}

const kubernetesSchema = z.strictObject({
  url: address,
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens')
    .default('default'),
  deployments: z.array(dnsName).min(1, 'at least one deployment').max(20),
  secrets: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9][-a-z0-9.]{0,251}\/[-._a-zA-Z0-9]{1,253}$/,
          'must be the secret, a slash and the key',
        ),
    )
    .max(20)
    .default([]),
  caData: z
    .string()
    .max(60_000)
    .refine(isCertificate, 'must be a certificate, as PEM or as a kubeconfig holds it')
    .optional(),
  intervalMs: interval.default(15_000),
})

/** SOURCE_SCHEMAS validate what an installation may configure, by source id. */
export const SOURCE_SCHEMAS = {
  vast: vastSchema,
  prometheus: prometheusSchema,
  alertmanager: alertmanagerSchema,
  temporal: temporalSchema,
  statuspage: statuspageSchema,
  kubernetes: kubernetesSchema,
  services: servicesSchema,
} as const

/** SourceId names a configurable source. */
export type SourceId = keyof typeof SOURCE_SCHEMAS

/** SOURCE_IDS in the order of their value to a new installation. */
export const SOURCE_IDS: readonly SourceId[] = [
  'vast',
  'prometheus',
  'alertmanager',
  'temporal',
  'services',
  'kubernetes',
  'statuspage',
]

/** SOURCE_WORDS say what each source is for and which secret it takes, if any. */
export const SOURCE_WORDS: Readonly<
  Record<SourceId, { readonly title: string; readonly gives: string; readonly secret?: string }>
> = {
  vast: {
    title: 'Vast.ai',
    gives: 'Instances, their states, prices and the account’s credit.',
    secret: 'API key (scopes instance_read and user_read; instance_write for actions)',
  },
  prometheus: {
    title: 'Prometheus',
    gives: 'Error rates and latency of the integration, and per-GPU telemetry of dcgm-exporter.',
    secret: 'Bearer token',
  },
  alertmanager: {
    title: 'Alertmanager',
    gives: 'Its list of alerts beside its deliveries, so that none is lost; silences and who asked for them.',
    secret: 'Bearer token',
  },
  temporal: {
    title: 'Temporal',
    gives: 'Backlog, age, rates and pollers of each task queue.',
    secret: 'API key',
  },
  services: {
    title: 'Service health',
    gives: 'The health endpoints of the integration, the apps and the model servers.',
  },
  kubernetes: {
    title: 'Kubernetes',
    gives: 'Pods, rollouts, revisions, warnings and error lines of the integration; which secrets are there.',
    secret: 'Service account token (get and list; for secrets get on the named ones)',
  },
  statuspage: {
    title: 'Provider status page',
    gives: 'What the provider says of itself, beside what we see.',
  },
}

/** SourceConfigs are the configured sources; an absent one was not connected. */
export type SourceConfigs = {
  readonly vast?: z.infer<typeof vastSchema> & { readonly apiKey: string }
  readonly prometheus?: z.infer<typeof prometheusSchema> & { readonly token?: string }
  readonly alertmanager?: z.infer<typeof alertmanagerSchema> & { readonly token?: string }
  readonly temporal?: z.infer<typeof temporalSchema> & { readonly apiKey?: string }
  readonly statuspage?: z.infer<typeof statuspageSchema>
  readonly kubernetes?: z.infer<typeof kubernetesSchema> & { readonly token?: string }
  readonly services?: z.infer<typeof servicesSchema>
}

/** secretNameOf is under which name a source's adapter takes its secret. */
export function secretNameOf(id: SourceId): 'token' | 'apiKey' {
  return id === 'prometheus' || id === 'alertmanager' || id === 'kubernetes' ? 'token' : 'apiKey'
}
