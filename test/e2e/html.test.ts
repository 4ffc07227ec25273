import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath } from './chromium.ts'
import { kscn } from './kscn.ts'

// KSCN_SCREENSHOTS=FOLDER keeps pictures of the page at desktop and at phone width, light and dark.
const executablePath = chromiumPath()
if (executablePath === undefined)
  process.stderr.write('SKIPPED: the HTML report is not opened, no Chromium in PATH or $CHROMIUM\n')

const folder = mkdtempSync(join(tmpdir(), 'kscn-html-'))
const file = join(folder, 'report.html')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Look {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
}

describe.skipIf(executablePath === undefined)('the HTML report in Chromium', () => {
  let browser: Browser
  const troubles: string[] = []
  const requests: string[] = []
  const open = async (hash = '', { width = 1440, height = 1000, dark = false }: Look = {}): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      bypassCSP: false,
    })
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('dialog', (dialog) => troubles.push(`a dialog: ${dialog.message()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href + hash)
    return page
  }
  const slider = (page: Page) => page.getByRole('slider', { name: 'Instant' })
  const cluster = (page: Page) => page.getByRole('region', { name: 'Cluster' })
  const object = (page: Page) => page.getByRole('region', { name: 'Object' })

  beforeAll(async () => {
    const { code } = kscn([
      'run',
      'test/e2e/fixtures/boutique-crash.kscn',
      '--deterministic',
      '--reporter',
      `html:${file}`,
    ])
    expect(code).toBe(1)
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('opens from disk without a word on the console, and asks for nothing but itself', async () => {
    const page = await open()
    await page.getByRole('heading', { name: /online boutique survives/ }).waitFor()
    await page.getByRole('button', { name: /a deployment that nobody can pull/ }).click()
    await page.getByRole('heading', { name: /a deployment that nobody can pull/ }).waitFor()
    expect(await page.getByRole('article').innerText()).toContain('expect deployment/web is RolledOut within 1m')
    expect(await page.locator('img').count()).toBe(0)
    await page.close()
    expect(troubles).toEqual([])
    expect(new Set(requests.map((url) => url.replace(/#.*/, '')))).toEqual(new Set([pathToFileURL(file).href]))
  })

  it('forbids every script but its own', async () => {
    const page = await open()
    const ran = await page.evaluate(`(() => {
      const script = document.createElement('script')
      script.textContent = 'window.planted = true'
      document.head.append(script)
      return window.planted === true
    })()`)
    expect(ran).toBe(false)
    await page.close()
    expect(troubles.splice(0).join()).toMatch(/Content Security Policy/)
  })

  it('shows the cluster at the instant of the slider, by mouse and by keyboard', async () => {
    const page = await open('#s=1&t=0')
    expect(await cluster(page).locator('.node').count()).toBe(4)
    expect(await cluster(page).locator('.node .chips .chip').count()).toBe(0)
    const most = Number(await slider(page).getAttribute('max'))
    expect(most).toBeGreaterThan(100)
    await slider(page).fill(String(most))
    expect(await cluster(page).locator('.node .chips .chip').count()).toBe(16)
    expect(await cluster(page).getByText('Down:').count()).toBe(0)
    const last = await page.locator('output').innerText()
    await slider(page).press('ArrowLeft')
    expect(await page.locator('output').innerText()).not.toBe(last)
    await page.locator('main h2').click()
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('output').innerText()).toBe(last)
    await page.close()
  })

  it('follows a link to an instant: the machine is down, its pods are leaving', async () => {
    const page = await open('#s=1&t=376000000')
    expect(await page.locator('output').innerText()).toBe('t=6m16s')
    expect(await cluster(page).innerText()).toContain('Faults at work: crash node/workers-0')
    expect(await cluster(page).innerText()).toMatch(/Down: kubelet\/workers-0/)
    const dead = cluster(page).locator('.node').first()
    expect(await dead.innerText()).toContain('NotReady')
    expect(await dead.innerText()).toContain('Terminating')
    await page.evaluate(`location.hash = '#s=2&t=0'`)
    await page.getByRole('heading', { name: /nobody can pull/ }).waitFor()
    expect(await page.locator('output').innerText()).toBe('t=0s')
    await page.close()
  })

  it('opens an object: history, the difference of any two revisions, the verdicts of the scheduler', async () => {
    const page = await open('#s=1&t=376000000')
    await cluster(page).locator('.node').first().locator('.chips .chip').first().click()
    const panel = object(page)
    expect(await panel.locator('.diff').innerText()).toMatch(/^\+\s+deletionTimestamp: /m)
    expect(await panel.innerText()).toMatch(/placed on workers-0 — 4 of 4 nodes looked at could take it/)
    expect(await panel.getByRole('table').count()).toBe(1)
    await panel.getByLabel('Compare from').selectOption('0')
    await panel.getByLabel('Compare to').selectOption('1')
    const lines = (await panel.locator('.diff').innerText()).split('\n')
    expect(lines.some((line) => /^\+\s+nodeName: workers-0$/.test(line))).toBe(true)
    expect(lines.some((line) => line.includes('deletionTimestamp'))).toBe(false)
    // The two revisions are part of the link.
    const again = await open(new URL(page.url()).hash)
    expect((await object(again).locator('.diff').innerText()).split('\n')).toEqual(lines)
    await again.close()
    await panel
      .getByRole('button', { name: /Terminating/ })
      .first()
      .click()
    expect(await page.locator('output').innerText()).toMatch(/^t=6m15/)
    await page.keyboard.press('Escape')
    expect(await panel.innerText()).toContain('Choose a lane')
    await page.close()
  })

  it('searches lanes and entries, and filters them by kind', async () => {
    const page = await open('#s=1&t=600000000')
    const entries = page.getByRole('region', { name: 'Entries', exact: true }).last()
    const count = page.locator('.bar [role=status]').last()
    const before = Number((await count.innerText()).split(' ')[0])
    await page.keyboard.press('/')
    await page.keyboard.type('redis scheduled')
    const found = Number((await count.innerText()).split(' ')[0])
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(before / 20)
    expect(await entries.innerText()).toMatch(/redis-cart.*\n.*Scheduled/s)
    await page.getByLabel('emission').uncheck()
    expect(Number((await count.innerText()).split(' ')[0])).toBeLessThan(found)
    await page.getByRole('searchbox', { name: 'Search lanes' }).fill('workers-0')
    expect(await page.locator('.bar [role=status]').first().innerText()).toMatch(/^[1-9] lanes?$/)
    await page.getByRole('searchbox', { name: 'Find a scenario' }).fill('nobody')
    expect(await page.locator('nav li:visible').count()).toBe(1)
    await page.getByLabel('Verdict', { exact: true }).selectOption('PASS')
    expect(await page.locator('nav').innerText()).toContain('No scenario matches.')
    await page.close()
  })

  it.each([
    ['desktop', { width: 1440 }],
    ['desktop, dark', { width: 1440, dark: true }],
    ['phone', { width: 390, height: 844 }],
  ] as const)('has no serious violation that axe finds, and nothing that sticks out: %s', async (name, look) => {
    for (const hash of ['#s=1&t=376000000&o=nodes/workers-0', '#s=2']) {
      const page = await open(hash, look)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      // Through the debugger, not through a script element: the page's own policy stays as it is.
      const found = await page.evaluate(
        `(() => { ${axe}; return axe.run().then((result) => result.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' '))) })()`,
      )
      expect(found).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0)
      const pictures = process.env['KSCN_SCREENSHOTS']
      if (pictures !== undefined)
        await page.screenshot({
          path: join(pictures, `${name.replace(', ', '-')}-${hash.slice(3, 4)}.png`),
          fullPage: true,
        })
      await page.close()
    }
    expect(troubles).toEqual([])
  })
})

it('is the same, byte for byte, a second time', () => {
  const texts = ['a', 'b'].map((name) => {
    const path = join(tmpdir(), `kscn-html-${process.pid}-${name}.html`)
    kscn(['run', 'test/e2e/fixtures/failing.kscn', '--deterministic', '--reporter', `html:${path}`])
    const text = readFileSync(path, 'utf8')
    rmSync(path)
    return text
  })
  expect(texts[0]).toContain('kscn report')
  expect(texts[1]).toBe(texts[0])
})
