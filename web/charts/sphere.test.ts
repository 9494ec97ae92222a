import { expect, test } from 'vitest'
import { lookAt, project, radius, turn } from './sphere'

test.each([
  [0, 0],
  [103.8, 1.4],
  [-98.8, 39.9],
  [174, -41],
  [-70, -33],
])('A place that is looked at is in the middle: %d, %d', (longitude, latitude) => {
  const { x, y, front } = project(longitude, latitude, lookAt(longitude, latitude))
  expect(x).toBeCloseTo(0)
  expect(y).toBeCloseTo(0)
  expect(front).toBe(true)
})

test('East is to the right, north is up, and the other side is not seen', () => {
  const view = lookAt(0, 0)
  expect(project(40, 0, view).x).toBeGreaterThan(0)
  expect(project(0, 40, view).y).toBeGreaterThan(0)
  expect(project(180, 0, view).front).toBe(false)
  expect(project(90, 0, view).x).toBeCloseTo(radius)
})

test('The shortest way is taken around the circle', () => {
  expect(turn(0.1, Math.PI * 2 - 0.1)).toBeCloseTo(-0.2)
  expect(turn(0, 1)).toBeCloseTo(1)
  expect(turn(0, 1 + Math.PI * 4)).toBeCloseTo(1)
})
