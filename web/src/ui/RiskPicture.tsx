/** The risk gate's view of an order: each check with what it saw and the limit, failed ones first. */

import { Button, Group, Paper, Progress, Stack, Text, ThemeIcon } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCheck, IconHelp, IconMinus, IconX, type TablerIcon } from '@tabler/icons-react'

import type { components } from '../api/cp'
import { comparisonOf, shareOf, subjectOf } from './riskWords'

type Risk = components['schemas']['ShownRisk']
type Check = Risk['checks'][number]

interface Look {
  rank: number
  word: string
  icon: TablerIcon
  color: string
}

const UNCLEAR: Look = { rank: 1, word: 'could not decide', icon: IconHelp, color: 'red' }
const LOOKS: Record<string, Look> = {
  fail: { rank: 0, word: 'failed', icon: IconX, color: 'red' },
  missing_input: UNCLEAR,
  pass: { rank: 2, word: 'passed', icon: IconCheck, color: 'teal' },
  skipped: { rank: 3, word: 'does not apply', icon: IconMinus, color: 'gray' },
}
const SHOWN_PASSED = 6

function lookOf(check: Check): Look {
  return LOOKS[check.status] ?? UNCLEAR
}

export function RiskPicture({ risk }: { risk: Risk }) {
  const [isWhole, { toggle }] = useDisclosure()
  const checks = [...risk.checks].sort(
    (one, other) => lookOf(one).rank - lookOf(other).rank || weight(other) - weight(one),
  )
  const against = checks.filter((check) => lookOf(check).rank < 2).length
  const folded = checks.length - against - SHOWN_PASSED
  const shown = isWhole || folded <= 0 ? checks : checks.slice(0, against + SHOWN_PASSED)
  return (
    <Stack gap="xs">
      <Text fw={600}>{summary(risk, against)}</Text>
      <Stack component="ul" gap="xs" p={0} m={0} className="plain-list">
        {shown.map((check, index) => (
          <CheckRow key={`${check.code}-${index}`} check={check} />
        ))}
      </Stack>
      {folded > 0 && (
        <Group>
          <Button variant="default" size="xs" aria-expanded={isWhole} onClick={toggle}>
            {isWhole ? 'Show fewer' : `Show the other ${folded}`}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function summary(risk: Risk, against: number): string {
  const held = risk.checks.filter((check) => check.status === 'pass').length
  if (against === 0) return `All ${held} risk checks that apply passed.`
  return `${against} of ${risk.checks.length} risk checks ${against === 1 ? 'stands' : 'stand'} against it.`
}

function CheckRow({ check }: { check: Check }) {
  const { word, icon: Icon, color } = lookOf(check)
  const share = shareOf(check)
  return (
    <Paper component="li" withBorder p="xs">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <ThemeIcon variant="transparent" color={color} size="sm">
          <Icon size={18} aria-hidden />
        </ThemeIcon>
        <Stack gap={4} flex={1} miw={0}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600}>
              {subjectOf(check.code)}: {word}
            </Text>
            <Text size="sm" className="anywhere">
              {comparisonOf(check)}
            </Text>
          </Group>
          {share !== undefined && <Progress value={share} color={color} size="sm" aria-hidden="true" />}
        </Stack>
      </Group>
    </Paper>
  )
}

function weight(check: Check): number {
  return shareOf(check) ?? -1
}
