namespace OsModa.Core.Ledger.Hashing;

/// <summary>Ed25519 of RFC 8032 by OpenSSL's EVP interface (EVP_PKEY-ED25519(7)); .NET has none of its own.</summary>
internal static unsafe class Ed25519
{
    public const int KeyBytes = 32;
    public const int SignatureBytes = 64;
    private const int KeyType = 1087;    // EVP_PKEY_ED25519, openssl/obj_mac.h

    private static readonly delegate* unmanaged<int, nint, byte*, nuint, nint> NewPrivate = (delegate* unmanaged<int, nint, byte*, nuint, nint>)LibCrypto.Need("EVP_PKEY_new_raw_private_key");
    private static readonly delegate* unmanaged<int, nint, byte*, nuint, nint> NewPublic = (delegate* unmanaged<int, nint, byte*, nuint, nint>)LibCrypto.Need("EVP_PKEY_new_raw_public_key");
    private static readonly delegate* unmanaged<nint, byte*, nuint*, int> GetPublic = (delegate* unmanaged<nint, byte*, nuint*, int>)LibCrypto.Need("EVP_PKEY_get_raw_public_key");
    private static readonly delegate* unmanaged<nint, void> FreeKey = (delegate* unmanaged<nint, void>)LibCrypto.Need("EVP_PKEY_free");
    private static readonly delegate* unmanaged<nint> NewContext = (delegate* unmanaged<nint>)LibCrypto.Need("EVP_MD_CTX_new");
    private static readonly delegate* unmanaged<nint, void> FreeContext = (delegate* unmanaged<nint, void>)LibCrypto.Need("EVP_MD_CTX_free");
    private static readonly delegate* unmanaged<nint, nint, nint, nint, nint, int> SignInit = (delegate* unmanaged<nint, nint, nint, nint, nint, int>)LibCrypto.Need("EVP_DigestSignInit");
    private static readonly delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int> SignOnce = (delegate* unmanaged<nint, byte*, nuint*, byte*, nuint, int>)LibCrypto.Need("EVP_DigestSign");
    private static readonly delegate* unmanaged<nint, nint, nint, nint, nint, int> VerifyInit = (delegate* unmanaged<nint, nint, nint, nint, nint, int>)LibCrypto.Need("EVP_DigestVerifyInit");
    private static readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int> VerifyOnce = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int>)LibCrypto.Need("EVP_DigestVerify");
    private static readonly delegate* unmanaged<void> ClearErrors = (delegate* unmanaged<void>)LibCrypto.Need("ERR_clear_error");

    /// <summary>The public key of a 32-byte seed.</summary>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var key = Private(seed);
        try
        {
            var bytes = new byte[KeyBytes];
            nuint length = KeyBytes;
            fixed (byte* at = bytes)
            {
                return GetPublic(key, at, &length) == 1 ? bytes : throw Failed("give the public key");
            }
        }
        finally
        {
            FreeKey(key);
        }
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var key = Private(seed);
        var context = NewContext();
        try
        {
            var signature = new byte[SignatureBytes];
            nuint length = SignatureBytes;
            fixed (byte* to = signature)
            fixed (byte* from = message)
            {
                return SignInit(context, 0, 0, 0, key) == 1 && SignOnce(context, to, &length, from, (nuint)message.Length) == 1 ? signature : throw Failed("sign");
            }
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    /// <summary>False for anything that is not right, keys and signatures of wrong length among them.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeyBytes || signature.Length != SignatureBytes)
        {
            return false;
        }

        nint key;
        fixed (byte* at = publicKey)
        {
            key = NewPublic(KeyType, 0, at, KeyBytes);
        }

        var context = NewContext();
        try
        {
            fixed (byte* sealedBy = signature)
            fixed (byte* from = message)
            {
                return key != 0 && VerifyInit(context, 0, 0, 0, key) == 1 && VerifyOnce(context, sealedBy, SignatureBytes, from, (nuint)message.Length) == 1;
            }
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
            ClearErrors();    // what this refusal left there would be taken for a fault of .NET's next call
        }
    }

    private static nint Private(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != KeyBytes)
        {
            throw new ArgumentException($"A seed of Ed25519 has {KeyBytes} bytes, not {seed.Length}.", nameof(seed));
        }

        fixed (byte* at = seed)
        {
            return NewPrivate(KeyType, 0, at, KeyBytes) is var key and not 0 ? key : throw Failed("take the key");
        }
    }

    private static PlatformNotSupportedException Failed(string what) => new($"OpenSSL does not {what} for Ed25519.");
}
