// An OIDC provider for the tests: oidc-provider, with the device flow, registration and rotation on.
//
// PORT is where it listens; STORE names a file that keeps what it knows, so that it can be started
// again. /tests/begin?access=5&device=3 sets how many seconds tokens and codes live, and forgets what
// was asked before, which is in /tests/log; /tests/slow?n=1 has it say slow_down to the next poll.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const port = Number(process.env.PORT);
const issuer = `http://127.0.0.1:${port}`;
const store = process.env.STORE;
const lives = { access: 3600, device: 600 };
const kept = new Map(store && existsSync(store) ? JSON.parse(readFileSync(store)) : []);
const save = () => store && writeFileSync(store, JSON.stringify([...kept]));

class Adapter {
  constructor(name) { this.name = name; }
  key(id) { return `${this.name}:${id}`; }
  async upsert(id, payload) { kept.set(this.key(id), payload); save(); }
  async find(id) { return kept.get(this.key(id)); }
  async destroy(id) { kept.delete(this.key(id)); save(); }
  async consume(id) { kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); save(); }
  async revokeByGrantId(grantId) {
    for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
    save();
  }
  search(field, value) {
    for (const [key, payload] of kept) {
      if (key.startsWith(`${this.name}:`) && payload[field] === value) return payload;
    }
    return undefined;
  }
  async findByUserCode(userCode) { return this.search('userCode', userCode); }
  async findByUid(uid) { return this.search('uid', uid); }
}

const provider = new Provider(issuer, {
  adapter: Adapter,
  cookies: { keys: ['of the tests'] },
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  features: {
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    registration: { enabled: true },
  },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  clientDefaults: { response_types: [], grant_types: [], redirect_uris: [] },
  ttl: {
    AccessToken: () => lives.access,
    DeviceCode: () => lives.device,
    RefreshToken: 86400,
    Grant: 86400,
    Session: 86400,
    Interaction: 3600,
    IdToken: 3600,
  },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
});

const log = [];
let slow = 0;
provider.use(async (ctx, next) => {
  if (ctx.path === '/tests/begin') {
    log.length = 0;
    slow = 0;
    lives.access = Number(ctx.query.access);
    lives.device = Number(ctx.query.device);
    ctx.body = lives;
    return;
  }
  if (ctx.path === '/tests/log') {
    ctx.body = log;
    return;
  }
  if (ctx.path === '/tests/slow') {
    slow += Number(ctx.query.n || 1);
    ctx.body = { slow };
    return;
  }
  const entry = { path: ctx.path, method: ctx.method, at: Date.now() };
  if (ctx.path === '/token' && slow > 0) {
    slow -= 1;
    ctx.status = 400;
    ctx.body = { error: 'slow_down' };
  } else {
    await next();
  }
  // The provider itself names no interval, which would mean five seconds.
  if (ctx.path === '/device/auth' && ctx.status === 200) ctx.body.interval = 1;
  entry.status = ctx.status;
  entry.grant = ctx.oidc?.params?.grant_type;
  entry.error = ctx.body?.error;
  log.push(entry);
});

provider.listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
