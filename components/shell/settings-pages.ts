import type { Permission } from '@/lib/access/permissions'

export type SettingsPage = { readonly href: string; readonly label: string; readonly permission: Permission }

/** SETTINGS_PAGES lists the pages of the settings room in the order of its tabs. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { href: '/settings', label: 'This browser', permission: 'access.self' },
  { href: '/settings/sources', label: 'Sources', permission: 'sources.read' },
  { href: '/settings/channels', label: 'Channels', permission: 'channels.read' },
  { href: '/settings/agents', label: 'Agents', permission: 'agents.read' },
  { href: '/settings/status-page', label: 'Status page', permission: 'status.read' },
  { href: '/settings/windows', label: 'Windows and freezes', permission: 'deployments.read' },
  { href: '/settings/broken-glass', label: 'Broken glass', permission: 'actions.read' },
  { href: '/settings/mail', label: 'Mail', permission: 'subscribers.read' },
  { href: '/settings/slack', label: 'Slack commands', permission: 'slack.read' },
  { href: '/settings/people', label: 'People', permission: 'access.read-people' },
  { href: '/settings/sessions', label: 'Your sessions', permission: 'access.self' },
  { href: '/settings/keys', label: 'API keys', permission: 'access.self' },
  { href: '/settings/api', label: 'API', permission: 'access.self' },
]
