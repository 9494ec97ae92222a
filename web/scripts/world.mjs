// Makes the world that the map and the globe draw, once and not in every browser: web/.generated/world.json.
//   shapes  [code, path]: outlines projected to the flat map
//   places  code: [longitude, latitude, x, y, small]: the middle of a country; small ones are shown as dots
//   land    code: [longitude, latitude, …]: points of a grid within the country, by which the globe shades it
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { geoArea, geoBounds, geoCentroid, geoContains, geoNaturalEarth1, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'

const web = new URL('../', import.meta.url)
const target = new URL('.generated/world.json', web)
const width = 1000
const height = 470
/** Degrees between the points of the grid at the equator. */
const spacing = 2.4
/** Square pixels of the flat map under which a country can't be hit by a finger. */
const smallest = 10

const json = async (path) => JSON.parse(await readFile(new URL(`node_modules/${path}`, web), 'utf8'))
const [coarse, fine, codes] = await Promise.all([
  json('world-atlas/countries-110m.json'),
  json('world-atlas/countries-50m.json'),
  json('i18n-iso-countries/codes.json'),
])

const byNumber = new Map(codes.map(([alpha2, , number]) => [number, alpha2]))
/** Natural Earth has these without a number of ISO 3166. */
const byName = new Map([
  ['Kosovo', 'XK'],
  ['Somaliland', 'SO'],
  ['N. Cyprus', 'CY'],
])
/** What Natural Earth counts as a part of another country at this scale, or leaves out. */
const missing = {
  AQ: [0, -80],
  BQ: [-68.3, 12.2],
  BV: [3.4, -54.4],
  CC: [96.9, -12.2],
  CX: [105.7, -10.5],
  GF: [-53.1, 4],
  GI: [-5.4, 36.1],
  GP: [-61.6, 16.2],
  MQ: [-61, 14.6],
  RE: [55.5, -21.1],
  SJ: [16, 78.7],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.5],
  UM: [-176.5, 0.2],
  YT: [45.2, -12.8],
}
const codeOf = ({ id, properties }) => byNumber.get(id) ?? byName.get(properties.name)
const countries = (topology) =>
  feature(topology, topology.objects.countries)
    .features.map((shape) => ({ code: codeOf(shape), shape }))
    .filter(({ code }) => code && code !== 'AQ')

/** The largest part of a country: the middle of France is not in the Atlantic. */
function mainland(shape) {
  if (shape.geometry.type === 'Polygon') return shape
  const parts = shape.geometry.coordinates.map((coordinates) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates },
  }))
  return parts.reduce((largest, part) => (geoArea(part) > geoArea(largest) ? part : largest))
}

const round = (value, digits = 1) => Number(value.toFixed(digits))

function gridWithin(shape) {
  const [[west, south], [east, north]] = geoBounds(shape)
  const points = []
  for (let latitude = Math.ceil(south / spacing) * spacing; latitude <= north; latitude += spacing) {
    const step = spacing / Math.cos((latitude * Math.PI) / 180)
    const end = east < west ? east + 360 : east
    for (let longitude = Math.ceil(west / step) * step; longitude <= end; longitude += step) {
      const wrapped = longitude > 180 ? longitude - 360 : longitude
      if (geoContains(shape, [wrapped, latitude])) points.push(round(wrapped), round(latitude))
    }
  }
  return points
}

async function newest(files) {
  return Math.max(...(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))))
}

const upToDate = await stat(target).then(
  async ({ mtimeMs }) => mtimeMs > (await newest([new URL(import.meta.url), new URL('package-lock.json', web)])),
  () => false,
)
if (!upToDate) {
  const projection = geoNaturalEarth1().fitExtent(
    [
      [2, 2],
      [width - 2, height - 2],
    ],
    { type: 'FeatureCollection', features: countries(coarse).map(({ shape }) => shape) },
  )
  const path = geoPath(projection).digits(1)
  const shapes = countries(coarse).map(({ code, shape }) => [code, path(shape)])
  const drawn = new Map()
  for (const { code, shape } of countries(coarse)) drawn.set(code, (drawn.get(code) ?? 0) + path.area(shape))
  const places = {}
  const land = {}
  for (const { code, shape } of countries(fine)) {
    if (code in places && byName.has(shape.properties.name) && code !== 'XK') continue
    const [longitude, latitude] = geoCentroid(mainland(shape))
    const [x, y] = projection([longitude, latitude])
    places[code] = [round(longitude), round(latitude), round(x), round(y), (drawn.get(code) ?? 0) < smallest ? 1 : 0]
    const points = gridWithin(shape)
    land[code] = points.length > 0 ? points : [round(longitude), round(latitude)]
  }
  for (const [code, [longitude, latitude]] of Object.entries(missing)) {
    if (code in places) continue
    const [x, y] = projection([longitude, latitude])
    places[code] = [longitude, latitude, round(x), round(Math.min(y, height - 4)), 1]
    land[code] = [longitude, latitude]
  }
  await mkdir(new URL('.generated/', web), { recursive: true })
  await writeFile(target, JSON.stringify({ width, height, shapes, places, land }))
}
