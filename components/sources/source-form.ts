import type { SourceId } from '@/lib/settings/sources'

/** SourceField is one line of a source's form; `path` is its place in the settings. */
export type SourceField = {
  readonly path: string
  readonly title: string
  readonly kind: 'text' | 'milliseconds' | 'choice' | 'queues' | 'names' | 'services'
  readonly example?: string
  readonly hint?: string
  readonly choices?: readonly { readonly value: string; readonly title: string }[]
  readonly initial?: string
}

/** ServiceEntry is one probed endpoint as the form edits it. */
export type ServiceEntry = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly url: string
}

/** SourceForm is what is typed, by path: texts, or entries for the list of services. */
export type SourceForm = Readonly<Record<string, string | readonly ServiceEntry[]>>

const INTERVAL: SourceField = {
  path: 'intervalMs',
  title: 'Read every, in milliseconds',
  kind: 'milliseconds',
  initial: '15000',
}

/** SOURCE_FIELDS gives the form of each source. */
export const SOURCE_FIELDS: Readonly<Record<SourceId, readonly SourceField[]>> = {
  vast: [
    {
      path: 'apiUrl',
      title: 'Address of the API',
      kind: 'text',
      example: 'https://console.vast.ai',
      initial: 'https://console.vast.ai',
    },
    {
      path: 'pageIntervalMs',
      title: 'Wait between pages, in milliseconds',
      kind: 'milliseconds',
      initial: '1100',
      hint: 'The provider limits the rate; below one second it will refuse some calls.',
    },
  ],
  prometheus: [
    {
      path: 'url',
      title: 'Address',
      kind: 'text',
      example: 'http://prometheus.monitoring:9090',
    },
    INTERVAL,
    {
      path: 'dcgmIntervalMs',
      title: 'Read GPU telemetry every, in milliseconds',
      kind: 'milliseconds',
      initial: '15000',
    },
    {
      path: 'instanceLabel',
      title: 'Label that holds the instance id',
      kind: 'text',
      example: 'vast_instance',
      hint: 'Leave empty to find the instance by the GPU’s own identity.',
    },
  ],
  alertmanager: [
    { path: 'url', title: 'Address', kind: 'text', example: 'http://alertmanager.monitoring:9093' },
    {
      path: 'receiver',
      title: 'Receivers that deliver to Watchfloor',
      kind: 'text',
      example: 'watchfloor',
      hint: 'A regular expression. Leave empty to watch every alert, whoever it is sent to.',
    },
  ],
  temporal: [
    { path: 'address', title: 'Address, host:port', kind: 'text', example: 'temporal.example.com:7233' },
    { path: 'namespace', title: 'Namespace', kind: 'text', initial: 'default' },
    INTERVAL,
    {
      path: 'queues',
      title: 'Task queues, one a line',
      kind: 'queues',
      example: 'video-processing@gpu',
      hint: 'Write the word workflow behind a name to watch its workflow tasks.',
    },
  ],
  services: [{ path: 'services', title: 'Health endpoints', kind: 'services' }, INTERVAL],
  kubernetes: [
    { path: 'url', title: 'Address of the API server', kind: 'text', example: 'https://10.0.0.1:6443' },
    { path: 'namespace', title: 'Namespace', kind: 'text', initial: 'default' },
    {
      path: 'deployments',
      title: 'Deployments, one a line',
      kind: 'names',
      example: 'vastai-integration',
      hint: 'The integration with the provider first.',
    },
    {
      path: 'secrets',
      title: 'Secrets to look for, one a line',
      kind: 'names',
      example: 'vastai-credentials/VASTAI_API_KEY',
      hint: 'The secret, a slash and the key. Only whether it is there is read, never its value.',
    },
    {
      path: 'caData',
      title: 'Certificate of its authority',
      kind: 'text',
      example: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t…',
      hint: 'The certificate-authority-data of a kubeconfig. Leave empty for a publicly trusted one.',
    },
    INTERVAL,
  ],
  statuspage: [
    { path: 'url', title: 'Address', kind: 'text', example: 'https://status.vast.ai' },
    {
      path: 'format',
      title: 'Format',
      kind: 'choice',
      initial: 'statuspage',
      choices: [
        { value: 'statuspage', title: 'Statuspage v2 JSON' },
        { value: 'betterstack', title: 'Better Stack' },
        { value: 'instatus', title: 'Instatus' },
        { value: 'reachability', title: 'No machine format: only look whether it answers' },
      ],
    },
    { ...INTERVAL, initial: '60000' },
  ],
}

type Stored = Readonly<Record<string, unknown>> | null

function queuesText(value: unknown): string {
  if (!Array.isArray(value)) return ''
  return value
    .map((entry: { name?: string; type?: string }) =>
      entry.type === 'workflow' ? `${entry.name ?? ''} workflow` : (entry.name ?? ''),
    )
    .join('\n')
}

/** formOf fills a form from stored settings, or with the shipped values for a source that is not connected. */
export function formOf(id: SourceId, stored: Stored): SourceForm {
  const form: Record<string, string | readonly ServiceEntry[]> = {}
  for (const field of SOURCE_FIELDS[id]) {
    const value = stored?.[field.path]
    if (field.kind === 'queues') form[field.path] = queuesText(value)
    else if (field.kind === 'names') form[field.path] = Array.isArray(value) ? value.join('\n') : ''
    else if (field.kind === 'services')
      form[field.path] = Array.isArray(value) ? (value as readonly ServiceEntry[]) : []
    else form[field.path] = value === undefined || value === null ? (field.initial ?? '') : String(value)
  }
  return form
}

function queuesOf(text: string): readonly { name: string; type: 'activity' | 'workflow' }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', type] = line.split(/\s+/)
      return { name, type: type === 'workflow' ? 'workflow' : 'activity' }
    })
}

function namesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** settingsOf turns what was typed into settings as the server takes them; empty optional texts are left out. */
export function settingsOf(id: SourceId, form: SourceForm): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const field of SOURCE_FIELDS[id]) {
    const value = form[field.path]
    if (field.kind === 'services') settings[field.path] = value ?? []
    else if (typeof value !== 'string') continue
    else if (field.kind === 'queues') settings[field.path] = queuesOf(value)
    else if (field.kind === 'names') settings[field.path] = namesOf(value)
    else if (value.trim() === '') continue
    else if (field.kind === 'milliseconds') settings[field.path] = Number(value)
    else settings[field.path] = value.trim()
  }
  return settings
}

/** faultOf finds the first complaint about a field among the server's issues. */
export function faultOf(
  issues: readonly { readonly path: string; readonly message: string }[],
  path: string,
): string | undefined {
  const full = `settings.${path}`
  const issue = issues.find((one) => one.path === full || one.path.startsWith(`${full}.`))
  if (issue === undefined) return undefined
  const rest = issue.path.slice(full.length + 1)
  return rest === '' ? issue.message : `${rest}: ${issue.message}`
}
