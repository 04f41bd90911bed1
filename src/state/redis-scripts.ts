/** The steps that Redis does as one, so that no two replicas come between each other. */
import type { Redis } from "ioredis";

/**
 * KEYS: record. ARGV: fingerprint, owner, lease ms, life ms, last moment to begin (ms since 1970, Redis's clock).
 * A command that comes later than its sender waited must not claim anything.
 */
const BEGIN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[5]) then return {'late'} end
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'owner', 'lease', 'outcome')
if not kept[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2], 'lease', now + ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {'claimed'}
end
if kept[1] ~= ARGV[1] then return {'other_arguments'} end
if kept[4] then return {'done', kept[4]} end
if kept[2] == ARGV[2] then return {'claimed'} end
if tonumber(kept[3]) > now then return {'running'} end
return {'abandoned'}`;

/** KEYS: record. ARGV: fingerprint, owner, outcome, life ms. A record that Redis lost meanwhile is made again. */
const FINISH = `
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'owner', ARGV[2], 'lease', 0, 'outcome', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

/** KEYS: record. ARGV: owner. */
const RELEASE = `
local kept = redis.call('HMGET', KEYS[1], 'owner', 'outcome')
if kept[1] == ARGV[1] and not kept[2] then return redis.call('DEL', KEYS[1]) end
return 0`;

/**
 * KEYS: generation, result. ARGV: a new generation, its life ms. Generations are random, so that none comes back after
 * Redis lost its memory.
 */
const LOOK_UP = `
local generation = redis.call('GET', KEYS[1])
if not generation then
  generation = ARGV[1]
  redis.call('SET', KEYS[1], generation, 'PX', ARGV[2])
end
local kept = redis.call('GET', KEYS[2])
if kept and string.sub(kept, 1, #generation + 1) == generation .. ' ' then return {generation, kept} end
return {generation}`;

/**
 * KEYS: token. ARGV: lease ms, last moment to begin, turn of a refused token or nothing, turn that was waited for or
 * nothing. Each turn has a larger number than all before it, also after Redis lost its memory.
 */
const BEGIN_TOKEN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[2]) then return {'late'} end
local kept = redis.call('HMGET', KEYS[1], 'fence', 'sealed', 'renewAt', 'turn', 'turnUntil', 'failure', 'failed', 'repeatUntil')
local fence = tonumber(kept[1] or 0)
local left = kept[2] and tonumber(kept[3]) - now or 0
local life = redis.call('PTTL', KEYS[1])
if left > 0 and kept[1] ~= ARGV[3] then return {'kept', 0, kept[2], fence, left, life} end
if left > 0 then redis.call('HSET', KEYS[1], 'renewAt', 0) end
if kept[5] and tonumber(kept[5]) > now then return {'taken', tonumber(kept[4])} end
if kept[6] and (tonumber(kept[8]) > now or kept[7] == ARGV[4]) then return {'failed', 0, kept[6]} end
local turn = math.max(now, fence + 1, tonumber(kept[4] or 0) + 1)
redis.call('HSET', KEYS[1], 'turn', turn, 'turnUntil', now + ARGV[1])
if life < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {'turn', turn, kept[2] or '', fence, 0, life}`;

/** KEYS: token. ARGV: its turn, sealed, ms until it is to be renewed, life ms. */
const FINISH_TOKEN = `
local kept = redis.call('HMGET', KEYS[1], 'fence', 'turn')
if kept[1] and tonumber(kept[1]) >= tonumber(ARGV[1]) then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'sealed', ARGV[2], 'renewAt', now + ARGV[3])
redis.call('HDEL', KEYS[1], 'failure', 'failed', 'repeatUntil')
if kept[2] == ARGV[1] then redis.call('HDEL', KEYS[1], 'turn', 'turnUntil') end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

/** KEYS: token. ARGV: turn, failure, ms for which it answers everybody, life ms of a key with nothing else in it. */
const FAIL_TOKEN = `
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'failure', ARGV[2], 'failed', ARGV[1], 'repeatUntil', now + ARGV[3], 'turnUntil', 0)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`;

/**
 * KEYS: the times of a key's calls. ARGV: points, window ms, last moment to count. A list of no more than `points` times,
 * the oldest first: the call may go on when there is room, or the oldest has left the window.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[3]) then return {'late'} end
local window = tonumber(ARGV[2])
for _ = 1, 2 do
  local oldest = redis.call('LINDEX', KEYS[1], 0)
  if not oldest or tonumber(oldest) + window > now then break end
  redis.call('LPOP', KEYS[1])
end
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return {'wait', math.min(window, tonumber(redis.call('LINDEX', KEYS[1], 0)) + window - now)}
end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], window)
return {'wait', 0}`;

/**
 * KEYS: an owner's index, whose entries are `<id> <bytes>`, the oldest first. ARGV: id, content, its bytes, most bytes,
 * most entries, life ms. All live equally long, so what no longer fits and what is gone already are the oldest.
 */
const SHELVE = `
local entries = redis.call('LRANGE', KEYS[1], 0, -1)
local used = tonumber(ARGV[3])
local fitting = 0
for index = #entries, 1, -1 do
  used = used + tonumber(string.match(entries[index], '%d+$'))
  if used > tonumber(ARGV[4]) or fitting + 1 >= tonumber(ARGV[5]) then break end
  fitting = fitting + 1
end
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], ARGV[2], 'PX', ARGV[6])
for index = 1, #entries - fitting do
  redis.call('DEL', KEYS[1] .. ':' .. string.match(entries[index], '^%S+'))
  redis.call('LPOP', KEYS[1])
end
redis.call('RPUSH', KEYS[1], ARGV[1] .. ' ' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1`;

type Reply<T> = Promise<T>;

declare module "ioredis" {
  interface RedisCommander {
    toolgraphBegin(
      key: string,
      fingerprint: string,
      owner: string,
      leaseMs: number,
      lifeMs: number,
      until: number,
    ): Reply<[string, string?]>;
    toolgraphFinish(key: string, fingerprint: string, owner: string, outcome: string, lifeMs: number): Reply<number>;
    toolgraphRelease(key: string, owner: string): Reply<number>;
    toolgraphLookUp(
      generationKey: string,
      resultKey: string,
      newGeneration: string,
      lifeMs: number,
    ): Reply<[string, string?]>;
    toolgraphTake(key: string, points: number, windowMs: number, until: number): Reply<[string, number]>;
    toolgraphShelve(
      index: string,
      id: string,
      content: Buffer,
      bytes: number,
      maxBytes: number,
      maxCount: number,
      lifeMs: number,
    ): Reply<number>;
    toolgraphBeginToken(
      key: string,
      leaseMs: number,
      until: number,
      refused: number | "",
      awaited: number | "",
    ): Reply<[string, number, string, number, number, number]>;
    toolgraphFinishToken(key: string, fence: number, sealed: string, renewInMs: number, lifeMs: number): Reply<number>;
    toolgraphFailToken(key: string, fence: number, failure: string, repeatMs: number, lifeMs: number): Reply<number>;
  }
}

export function defineScripts(client: Redis): void {
  client.defineCommand("toolgraphBegin", { numberOfKeys: 1, lua: BEGIN });
  client.defineCommand("toolgraphFinish", { numberOfKeys: 1, lua: FINISH });
  client.defineCommand("toolgraphRelease", { numberOfKeys: 1, lua: RELEASE });
  client.defineCommand("toolgraphLookUp", { numberOfKeys: 2, lua: LOOK_UP });
  client.defineCommand("toolgraphTake", { numberOfKeys: 1, lua: TAKE });
  client.defineCommand("toolgraphShelve", { numberOfKeys: 1, lua: SHELVE });
  client.defineCommand("toolgraphBeginToken", { numberOfKeys: 1, lua: BEGIN_TOKEN });
  client.defineCommand("toolgraphFinishToken", { numberOfKeys: 1, lua: FINISH_TOKEN });
  client.defineCommand("toolgraphFailToken", { numberOfKeys: 1, lua: FAIL_TOKEN });
}
