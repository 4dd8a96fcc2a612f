import type { ReactNode } from 'react'
import { Live } from './live-view'

export default function Page(): ReactNode {
  return (
    <main>
      <h1>Floor</h1>
      <Live />
    </main>
  )
}
