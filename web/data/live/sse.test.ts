import { expect, test } from 'vitest'
import { EventReader } from './sse'

const stream = 'retry: 2000\n\nid: a-0\nevent: snapshot\ndata: {"x":1}\n\n: \n\nid: a-1\nevent: change\ndata: one\ndata: two\n\n'
const expected = [
  { id: 'a-0', name: 'snapshot', data: '{"x":1}' },
  { id: 'a-1', name: 'change', data: 'one\ntwo' },
]

test('Events are read', () => {
  expect(new EventReader().read(stream)).toEqual(expected)
})

test('Events are the same wherever the text is cut', () => {
  for (let size = 1; size < stream.length; size++) {
    const reader = new EventReader()
    const events = []
    for (let at = 0; at < stream.length; at += size) events.push(...reader.read(stream.slice(at, at + size)))
    expect(events).toEqual(expected)
  }
})

test('Lines may end as on Windows, and an event without an id keeps the last one', () => {
  expect(new EventReader().read('id: 7\r\ndata: a\r\n\r\ndata:b\r\n\r\n')).toEqual([
    { id: '7', name: 'message', data: 'a' },
    { id: '7', name: 'message', data: 'b' },
  ])
})

test('An event that is not complete is not shown', () => {
  expect(new EventReader().read('event: change\ndata: half\n')).toEqual([])
})
