import { expect, test } from 'vitest'
import { csvOf } from './csv'

test('Cells are quoted where they must be', () => {
  expect(
    csvOf(
      ['Page', 'Visitors'],
      [
        ['/a,b', 3],
        ['say "hi"', null],
        ['two\nlines', 0.5],
      ],
    ),
  ).toBe('Page,Visitors\r\n"/a,b",3\r\n"say ""hi""",\r\n"two\nlines",0.5\r\n')
})

test.each(['=1+1', '+1', '-1', '@sum', '\tx', '\r=x'])('The text %j is no formula', (text) => {
  expect(csvOf([], [[text]]).split('\r\n')[1]).toMatch(/^"?'/)
})

test('A negative number stays one', () => {
  expect(csvOf(['n'], [[-5]])).toBe('n\r\n-5\r\n')
})
