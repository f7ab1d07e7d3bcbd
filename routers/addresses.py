"""The network address that a request comes from. It is counted by, never kept as it is."""

from ipaddress import IPv6Address, ip_address

from fastapi import Request

_SITE_BITS = 64


def address_of(request: Request) -> str:
    """The address, or of IPv6 the site's first half, which one subscriber has whole; empty when there is none.

    Behind a proxy the server puts the caller's there (uvicorn's `forwarded_allow_ips`).
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{int(address) >> _SITE_BITS:x}"
    return str(address)
