/** Signing in, on either portal. */

import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

import { useSignIn, useSignUp } from '../api/session'
import { ProblemNote } from './ProblemNote'

interface DoorProps {
  title: string
  about: string
  action: string
  other?: { to: string; ask: string; label: string }
  isNew?: boolean
}

export function SignInPage({ title, about, action, other, isNew = false }: DoorProps) {
  const signIn = useSignIn()
  const signUp = useSignUp()
  const entering = isNew ? signUp : signIn
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    entering.mutate({ email, password })
  }

  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <div>
              <Title order={1} size="h2">
                {title}
              </Title>
              <Text c="dimmed">{about}</Text>
            </div>
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              description={isNew ? 'At least 10 characters' : undefined}
              autoComplete={isNew ? 'new-password' : 'current-password'}
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {entering.error && <ProblemNote error={entering.error} />}
            <Button type="submit" loading={entering.isPending}>
              {action}
            </Button>
            {other && (
              <Text size="sm">
                {other.ask}{' '}
                <Anchor component={Link} to={other.to} underline="always">
                  {other.label}
                </Anchor>
              </Text>
            )}
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
