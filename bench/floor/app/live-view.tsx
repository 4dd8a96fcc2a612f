'use client'

import { type ReactNode, useEffect, useState } from 'react'

export function Live(): ReactNode {
  const [value, setValue] = useState('')
  useEffect(() => {
    const source = new EventSource('/live')
    source.addEventListener('delta', (event) => setValue(event.data))
    return () => source.close()
  }, [])
  return (
    <p id="value" data-ready={value === '' ? undefined : ''}>
      {value}
    </p>
  )
}
