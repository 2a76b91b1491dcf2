using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OsModa.Core.Servers;

namespace OsModa.Core.Storage;

internal sealed class ServerIdConverter() : ValueConverter<ServerId, Guid>(id => id.Value, value => new ServerId(value));
