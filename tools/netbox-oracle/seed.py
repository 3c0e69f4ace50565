# Run in `netbox shell` on the freshly migrated database: the one user everything starts from.
from users.models import Token, User
admin = User.objects.create_superuser("admin", "admin@example.com", "Oracle-passw0rd")
Token.objects.create(version=1, user=admin, token="0123456789abcdef0123456789abcdef01234567")
