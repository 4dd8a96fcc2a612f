import type { ReactNode } from 'react'

export const dynamic = 'force-dynamic'

export default function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
