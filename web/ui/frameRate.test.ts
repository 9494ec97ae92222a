import { expect, test } from 'vitest'
import { judgeFrameRate } from './frameRate'

const after = (...frames: number[]) => frames.reduce(judgeFrameRate, { slow: 0, lighter: false })

test('Four slow seconds in a row make the page lighter', () => {
  expect(after(45, 45, 45).lighter).toBe(false)
  expect(after(45, 45, 45, 45).lighter).toBe(true)
})

test('A good second between starts over', () => {
  expect(after(20, 20, 20, 60, 20, 20, 20).lighter).toBe(false)
})

test('It stays lighter', () => {
  expect(after(20, 20, 20, 20, 60, 60).lighter).toBe(true)
})
