"""ristretto255 (RFC 9496) in plain integers, for vectors: slow, and never with a
secret."""
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def negative(x):
    return x % P & 1


def absolute(x):
    return -x % P if negative(x) else x % P


def sqrt_ratio(u, v):
    """Whether u/v is a square, and its root, or that of i*u/v."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    flipped = check in (-u % P, -u * SQRT_M1 % P)
    if flipped:
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]


class Point:
    """A point of edwards25519 in extended coordinates, standing for its coset."""

    def __init__(self, x, y, z=1, t=None):
        self.x, self.y, self.z = x % P, y % P, z % P
        self.t = x * y * pow(z, -1, P) % P if t is None else t % P

    def __add__(self, other):
        a = (self.y - self.x) * (other.y - other.x)
        b = (self.y + self.x) * (other.y + other.x)
        c = 2 * D * self.t * other.t
        d = 2 * self.z * other.z
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f, g * h, f * g, e * h)

    def __rmul__(self, scalar):
        out, power = IDENTITY, self
        while scalar:
            if scalar & 1:
                out = out + power
            power, scalar = power + power, scalar >> 1
        return out

    def encode(self):
        u1 = (self.z + self.y) * (self.z - self.y) % P
        u2 = self.x * self.y % P
        root = sqrt_ratio(1, u1 * u2 * u2 % P)[1]
        den1, den2 = root * u1 % P, root * u2 % P
        z_inv = den1 * den2 * self.t % P
        x, y, den = self.x, self.y, den2
        if negative(self.t * z_inv):
            x, y = self.y * SQRT_M1 % P, self.x * SQRT_M1 % P
            den = den1 * INVSQRT_A_MINUS_D % P
        if negative(x * z_inv):
            y = -y
        return absolute(den * (self.z - y)).to_bytes(32, "little")


def decode(data):
    """The point, or None."""
    s = int.from_bytes(data, "little")
    if s >= P or negative(s):
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, root = sqrt_ratio(1, v * u2 * u2 % P)
    den_x = root * u2 % P
    x = absolute(2 * s * den_x)
    y = u1 * root * den_x * v % P
    if not square or negative(x * y) or y == 0:
        return None
    return Point(x, y)


IDENTITY = Point(0, 1)
_Y = 4 * pow(5, -1, P) % P
BASE = Point(sqrt_ratio((_Y * _Y - 1) % P, (D * _Y * _Y + 1) % P)[1], _Y)


def scalar_bytes(number):
    return number.to_bytes(32, "little")
