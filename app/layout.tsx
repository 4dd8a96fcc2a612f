import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { THEME_COOKIE, themeOf } from '@/components/shell/preferences'
import { HatchPattern } from '@/components/ui/hatch-pattern'
import { env } from '@/lib/platform/env'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Watchfloor', template: '%s · Watchfloor' },
  description: 'The incident console for teams that run on rented GPUs',
  applicationName: 'Watchfloor',
  manifest: '/manifest.webmanifest',
  icons: { icon: '/icon.svg' },
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#0b0b0c' },
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
  ],
}

export default async function RootLayout({ children }: { readonly children: ReactNode }): Promise<ReactNode> {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html
      lang="en"
      data-theme={theme}
      data-keeps={env().NODE_ENV === 'production' ? 'yes' : undefined}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <HatchPattern />
        {children}
      </body>
    </html>
  )
}
