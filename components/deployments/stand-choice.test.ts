import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { INPUTS } from '@/lib/deployments/inputs'
import { type Stand, StandChoice } from './stand-choice'

const STANDS = INPUTS.tell.shape.state.unwrap().options satisfies readonly Stand[]

test.each(STANDS)('whoever shows an item can say that it %s, in words', (stand) => {
  const html = renderToStaticMarkup(createElement(StandChoice, { stand, onChange: () => undefined }))
  expect(html.match(/type="radio"/g)).toHaveLength(STANDS.length)
  const [input = ''] = html.match(new RegExp(`<input[^>]*value="${stand}"[^>]*>`)) ?? []
  expect(input).toContain('checked')
  expect(html.toLowerCase()).toContain(`${stand}: it`)
})
