using System.Net;
using Footfall.Words;
namespace Footfall.Enrich;

internal sealed class Visitors { private readonly ulong _none = 1; public ulong Hash(Site site, long time, IPAddress address, string userAgent) => _none; }
internal sealed class CountryLookup { private readonly (Country Country, int Reason) _none = (Country.Unknown, 0); public (Country Country, int Reason) Find(IPAddress address) => _none; }
